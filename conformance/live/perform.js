// Runs inside the recorded page, as a classic script: does one step of a scenario and tells what script could see.
// The driver posts { live: "step", step } or { live: "frame", url } to the window; the answer is { live: "result", result }.

const patience = 20_000;
const initMembers = [
  "method",
  "mode",
  "credentials",
  "redirect",
  "cache",
  "referrerPolicy",
  "integrity",
  "keepalive",
  "headers",
];
let frame = null;

function bodyOf({ type, text, contentType }) {
  switch (type) {
    case "bytes":
      return new TextEncoder().encode(text);
    case "blob":
      return new Blob([text], contentType === undefined ? {} : { type: contentType });
    case "params":
      return new URLSearchParams(text);
    case "form": {
      const form = new FormData();
      form.append("k", text);
      return form;
    }
    default:
      return text;
  }
}

function latin1(buffer) {
  return String.fromCharCode(...new Uint8Array(buffer).subarray(0, 200));
}

function sorted(pairs) {
  return pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

async function fetchStep(step) {
  const init = {};
  for (const name of initMembers) if (step[name] !== undefined) init[name] = step[name];
  if (step.body !== undefined) init.body = bodyOf(step.body);
  const response = await fetch(step.url, init);
  const { type, status, statusText, url, redirected } = response;
  const seen = { type, status, statusText, url, redirected, headers: sorted([...response.headers]) };
  try {
    seen.body = latin1(await response.arrayBuffer());
  } catch (error) {
    seen.bodyError = error.name;
  }
  return { outcome: "ok", response: seen };
}

function xhrHeaders(lines) {
  const pairs = lines
    .split("\r\n")
    .filter((line) => line !== "")
    .map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
    });
  return sorted(pairs);
}

function xhrStep(step) {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    xhr.open(step.method ?? "GET", step.url);
    xhr.responseType = "arraybuffer";
    xhr.withCredentials = step.credentials === "include";
    for (const [name, value] of step.headers ?? []) xhr.setRequestHeader(name, value);
    if (step.uploadListener) xhr.upload.addEventListener("progress", () => {});
    xhr.addEventListener("load", () => {
      const { status, statusText, responseURL: url } = xhr;
      const headers = xhrHeaders(xhr.getAllResponseHeaders());
      const response = { type: "xhr", status, statusText, url, headers, body: latin1(xhr.response) };
      resolve({ outcome: "ok", response });
    });
    xhr.addEventListener("error", () => resolve({ outcome: "error", error: "xhr error event" }));
    xhr.send(step.body === undefined ? null : bodyOf(step.body));
  });
}

function firstEvent(target, ...names) {
  return new Promise((resolve) => {
    for (const name of names)
      target.addEventListener(
        name,
        () => resolve(name === "error" ? { outcome: "error", error: "error event" } : { outcome: "ok", event: name }),
        { once: true },
      );
  });
}

function elementStep({ api, url, crossOrigin, referrerPolicy }) {
  const element = document.createElement({ stylesheet: "link", module: "script" }[api] ?? api);
  if (api === "module") element.type = "module";
  if (api === "stylesheet") element.rel = "stylesheet";
  if (crossOrigin !== undefined) element.setAttribute("crossorigin", crossOrigin);
  if (referrerPolicy !== undefined) element.setAttribute("referrerpolicy", referrerPolicy);
  element[api === "stylesheet" ? "href" : "src"] = url;
  const result = firstEvent(element, "load", "error");
  (api === "stylesheet" ? document.head : document.body).append(element);
  return result;
}

function closed(popup) {
  return new Promise((resolve) => {
    if (popup === null) resolve({ outcome: "error", error: "no window" });
    const timer = setInterval(() => {
      if (!popup.closed) return;
      clearInterval(timer);
      resolve({ outcome: "ok", event: "navigated" });
    }, 20);
  });
}

function submit(step, target) {
  const form = document.createElement("form");
  form.method = step.method ?? "get";
  form.action = step.url;
  if (step.enctype !== undefined) form.enctype = step.enctype;
  form.target = target;
  const field = document.createElement("input");
  field.name = "k";
  field.value = "v";
  form.append(field);
  document.body.append(form);
  form.submit();
}

function formStep(step) {
  const name = `form${Date.now()}`;
  if (step.api === "form-top") {
    const popup = window.open("about:blank", name);
    if (popup !== null) submit(step, name);
    return closed(popup);
  }
  const element = document.createElement("iframe");
  element.name = name;
  document.body.append(element);
  const result = firstEvent(element, "load", "error");
  submit(step, name);
  return result;
}

async function eventSourceStep({ url, credentials }) {
  const source = new EventSource(url, { withCredentials: credentials === "include" });
  const result = await firstEvent(source, "open", "error");
  source.close();
  return result;
}

function perform(step) {
  switch (step.api ?? "fetch") {
    case "fetch":
      return fetchStep(step);
    case "xhr":
      return xhrStep(step);
    case "form-iframe":
    case "form-top":
      return formStep(step);
    case "open-top":
      return closed(window.open(step.url));
    case "beacon": {
      const queued = navigator.sendBeacon(step.url, step.body === undefined ? undefined : bodyOf(step.body));
      return queued ? { outcome: "ok", event: "queued" } : { outcome: "error", error: "error event" };
    }
    case "eventsource":
      return eventSourceStep(step);
    case "websocket":
      return firstEvent(new WebSocket(step.url.replace(/^http/, "ws")), "open", "error");
    default:
      return elementStep(step);
  }
}

async function stepResult(step) {
  const timeout = new Promise((resolve) => setTimeout(() => resolve({ outcome: "timeout" }), patience));
  const attempt = async () => perform(step);
  const failure = (error) => ({ outcome: "error", error: error.name, message: error.message });
  return Promise.race([attempt().catch(failure), timeout]);
}

function openFrame(url) {
  return new Promise((resolve) => {
    frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.src = url;
    frame.addEventListener("load", () => resolve({ outcome: "ok", event: "load" }));
    document.body.append(frame);
  });
}

addEventListener("message", async ({ data, source }) => {
  if (data?.live === "frame") postMessage({ live: "result", result: await openFrame(data.url) }, "*");
  if (data?.live === "result" && source === frame?.contentWindow) postMessage(data, "*");
  if (data?.live !== "step") return;
  if (frame !== null) frame.contentWindow.postMessage(data, "*");
  else
    (source === null || source === window ? window : source).postMessage(
      { live: "result", result: await stepResult(data.step) },
      "*",
    );
});
