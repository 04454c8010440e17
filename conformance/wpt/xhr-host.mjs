// The thread which fetches for xhr.mjs: a page of the agent under test, driven by messages.
import { workerData } from "node:worker_threads";

const { adapter, url, responseHeaders, port, signal } = workerData;
const running = new Map();
const page = await (await import(adapter)).createPage({ url, responseHeaders });
const fetch = page.globals?.fetch;

async function perform(request, abort) {
  if (!fetch) throw new TypeError("the agent under test has no fetch");
  const headers = request.headers.slice();
  const given = (name) => headers.some((h) => h[0].toLowerCase() === name);
  let body = request.body;
  if (request.fields) {
    body = new (page.globals.FormData ?? FormData)();
    for (const [name, value] of request.fields) {
      if (typeof value === "string") body.append(name, value);
      else body.append(name, new (page.globals.Blob ?? Blob)([value.bytes], { type: value.type }), value.name);
    }
  }
  if (request.form && !given("content-type"))
    headers.push(["Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"]);
  if (request.type && !given("content-type")) headers.push(["Content-Type", request.type]);
  const response = await fetch(request.url, {
    method: request.method,
    headers,
    body,
    credentials: request.credentials,
    mode: "cors",
    redirect: "follow",
    signal: abort.signal,
  });
  return {
    status: response.status,
    statusText: response.statusText,
    url: response.url.replace(/#.*/, ""),
    headers: [...response.headers].filter((h) => h[0] !== "set-cookie").map(([n, v]) => [n, v]),
    body: new Uint8Array(await response.arrayBuffer()),
  };
}

port.on("message", async ({ id, request, cancel, cookie }) => {
  if (cookie !== undefined) return page.cookie?.set(cookie);
  if (cancel) return running.get(id)?.abort();
  const abort = new AbortController();
  running.set(id, abort);
  let result;
  try {
    result = await perform(request, abort);
  } catch (e) {
    result = { error: String(e?.message ?? e) };
  }
  running.delete(id);
  port.postMessage({ id, result });
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
});
