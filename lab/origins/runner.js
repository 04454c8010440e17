// Makes requests for the page of the lab, as a page of this origin. Obeys that page and nobody else.
const labOrigin = "LAB_ORIGIN";
const host = window.opener ?? window.parent;
const bodyLimit = 4096;

/** What a script can see of a fetch. */
async function fetchOnce({ url, method, headers, body, credentials, mode, redirect }) {
  try {
    const init = { method, headers, credentials, mode, redirect, ...(body === null ? {} : { body }) };
    const response = await fetch(url, init);
    return {
      kind: "response",
      type: response.type,
      status: response.status,
      redirected: response.redirected,
      headers: [...response.headers],
      body: (await response.text()).slice(0, bodyLimit),
    };
  } catch (error) {
    return { kind: "type-error", message: String(error.message) };
  }
}

/** What a page can see of an element that loads something. */
function loadOnce({ via, url, credentials, mode }) {
  return new Promise((resolve) => {
    let callback = null;
    const name = new URL(url).searchParams.get("callback");
    if (via === "script" && name !== null) {
      window[name] = (data) => {
        callback = JSON.stringify(data);
      };
    }
    const element = document.createElement(via === "image" ? "img" : "script");
    if (mode === "cors") element.crossOrigin = credentials === "include" ? "use-credentials" : "anonymous";
    const settle = (event) => {
      element.remove();
      resolve({ kind: "element", event: event.type, callback });
    };
    element.onload = settle;
    element.onerror = settle;
    element.src = url;
    document.body.append(element);
  });
}

/** Submits a form: in a window of its own it takes this document along, in a frame it leads to a frame inside. */
function submitForm({ url, method, fields, enctype }) {
  const form = document.createElement("form");
  form.action = url;
  form.method = method;
  form.enctype = enctype;
  for (const [name, value] of fields) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  if (window.opener === null) {
    const frame = document.createElement("iframe");
    frame.name = "answer";
    document.body.append(frame);
    form.target = frame.name;
  }
  document.body.append(form);
  // As `form.submit()` does, but safe from a field of that name.
  HTMLFormElement.prototype.submit.call(form);
}

window.addEventListener("message", async ({ origin, source, data }) => {
  if (origin !== labOrigin || source !== host || data?.type !== "corsac-lab/run") return;
  const seen = [];
  const tell = () => host.postMessage({ type: "corsac-lab/observed", id: data.id, seen }, labOrigin);
  if (data.request.via === "form") {
    seen.push({ kind: "submitted" });
    tell();
    submitForm(data.request);
    return;
  }
  for (let time = 0; time < data.times; time++) {
    seen.push(await (data.request.via === "fetch" ? fetchOnce(data.request) : loadOnce(data.request)));
  }
  tell();
});

if (host !== window) host.postMessage({ type: "corsac-lab/ready" }, labOrigin);
