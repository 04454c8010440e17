// XMLHttpRequest on top of an adapter's fetch, for agents which have fetch only.
//
// WPT tests a good part of CORS through XMLHttpRequest, also synchronously. A second thread holds a
// page of its own (so: its own cookies and caches) and fetches for this one; a synchronous send()
// blocks on it. What fetch cannot express is not here: user and password of open(), and the preflight
// which upload listeners cause.
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";

const NORMAL = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export function makeXMLHttpRequest(setup) {
  let host;
  let counter = 0;
  const waiting = new Map();

  function connect() {
    if (host) return host;
    const { port1, port2 } = new MessageChannel();
    const signal = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(new URL("./xhr-host.mjs", import.meta.url), {
      workerData: { ...setup, port: port2, signal },
      transferList: [port2],
    });
    worker.unref();
    host = { port: port1, signal, worker };
    return host;
  }

  function deliver({ id, result }) {
    const done = waiting.get(id);
    waiting.delete(id);
    done?.(result);
    if (!waiting.size) host.port.unref();
  }

  /** Returns the result for a synchronous request, else calls back. */
  function perform(request, sync, callback) {
    const { port, signal } = connect();
    const id = ++counter;
    if (!sync) {
      waiting.set(id, callback);
      port.on("message", deliver);
      port.ref();
      port.postMessage({ id, request });
      return {
        cancel: () => {
          waiting.delete(id);
          port.postMessage({ id, cancel: true });
        },
      };
    }
    port.postMessage({ id, request });
    for (;;) {
      const seen = Atomics.load(signal, 0);
      const got = receiveMessageOnPort(port);
      if (got) {
        if (got.message.id === id) return got.message.result;
        setTimeout(deliver, 0, got.message);
        continue;
      }
      if (Atomics.wait(signal, 0, seen, 20000) === "timed-out") return { error: "no answer in 20 s" };
    }
  }

  const fire = (target, type, loaded) => {
    const event = new Event(type);
    if (loaded !== undefined) Object.assign(event, { loaded, total: loaded, lengthComputable: loaded > 0 });
    target.dispatchEvent(event);
  };

  /** onload and the like, kept in the order in which they were first set. */
  function handlers(proto, types) {
    for (const type of types) {
      const key = Symbol(type);
      Object.defineProperty(proto, `on${type}`, {
        get() {
          return this[key]?.value ?? null;
        },
        set(value) {
          if (!this[key]) {
            this[key] = { value };
            this.addEventListener(type, (e) => this[key].value?.call(this, e));
          } else this[key].value = value;
        },
      });
    }
  }

  const PROGRESS = ["loadstart", "progress", "abort", "error", "load", "timeout", "loadend"];
  class XMLHttpRequestEventTarget extends EventTarget {}
  handlers(XMLHttpRequestEventTarget.prototype, PROGRESS);
  class XMLHttpRequestUpload extends XMLHttpRequestEventTarget {
    heard = false;
    addEventListener(...args) {
      this.heard = true;
      super.addEventListener(...args);
    }
  }

  class XMLHttpRequest extends XMLHttpRequestEventTarget {
    #state = 0;
    #headers = [];
    #method;
    #url;
    #sync = false;
    #sent = false;
    #answer = null;
    #running = null;
    #credentials = false;
    #type = "";
    #cache;
    #timer;
    upload = new XMLHttpRequestUpload();
    timeout = 0;
    get readyState() {
      return this.#state;
    }
    get withCredentials() {
      return this.#credentials;
    }
    set withCredentials(v) {
      if (this.#state > 1 || this.#sent) throw new DOMException("sent already", "InvalidStateError");
      this.#credentials = Boolean(v);
    }

    get responseType() {
      return this.#type;
    }
    set responseType(v) {
      this.#type = v;
    }
    get status() {
      return this.#answer?.status ?? 0;
    }
    get statusText() {
      return this.#answer?.statusText ?? "";
    }
    get responseURL() {
      return this.#answer?.url ?? "";
    }

    open(method, url, async = true, user, password) {
      method = String(method);
      if (!TOKEN.test(method)) throw new DOMException("bad method", "SyntaxError");
      if (/^(connect|trace|track)$/i.test(method)) throw new DOMException("forbidden method", "SecurityError");
      if (NORMAL.includes(method.toUpperCase())) method = method.toUpperCase();
      let parsed;
      try {
        parsed = new URL(url, setup.url);
      } catch {
        throw new DOMException("bad URL", "SyntaxError");
      }
      if (user != null && parsed.host) parsed.username = user;
      if (password != null && parsed.host) parsed.password = password;
      this.#running?.cancel();
      this.#running = this.#answer = null;
      this.#cache = undefined;
      clearTimeout(this.#timer);
      this.#method = method;
      this.#url = parsed.href;
      this.#sync = !async;
      this.#headers = [];
      this.#sent = false;
      if (this.#state !== 1) {
        this.#state = 1;
        fire(this, "readystatechange");
      }
    }

    setRequestHeader(name, value) {
      if (this.#state !== 1 || this.#sent) throw new DOMException("not open", "InvalidStateError");
      name = String(name);
      value = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
      if (!TOKEN.test(name) || /[\0\r\n]|[^\0-\xff]/.test(value)) throw new DOMException("bad header", "SyntaxError");
      const old = this.#headers.find((h) => h[0].toLowerCase() === name.toLowerCase());
      if (old) old[1] += `, ${value}`;
      else this.#headers.push([name, value]);
    }

    send(body = null) {
      if (this.#state !== 1 || this.#sent) throw new DOMException("not open", "InvalidStateError");
      if (this.#method === "GET" || this.#method === "HEAD") body = null;
      const request = {
        method: this.#method,
        url: this.#url,
        headers: this.#headers,
        credentials: this.#credentials ? "include" : "same-origin",
      };
      let async;
      if (body !== null && body !== undefined) {
        if (body instanceof ArrayBuffer) request.body = new Uint8Array(body.slice(0));
        else if (ArrayBuffer.isView(body))
          request.body = new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
        else if (body instanceof URLSearchParams) {
          request.body = String(body);
          request.form = true;
        } else if (body instanceof Blob) {
          async = body.arrayBuffer().then((b) => {
            request.body = new Uint8Array(b);
          });
          request.type = body.type;
        } else if (typeof body[Symbol.iterator] === "function" && typeof body.getAll === "function") {
          request.fields = [...body];
          if (request.fields.some((f) => typeof f[1] !== "string")) {
            async = Promise.all(
              request.fields.map(async (f) => {
                if (typeof f[1] !== "string")
                  f[1] = { bytes: new Uint8Array(await f[1].arrayBuffer()), name: f[1].name, type: f[1].type };
              }),
            );
          }
        } else request.body = String(body);
      }
      this.#sent = true;
      if (this.#sync) {
        if (async) throw new DOMException("this body cannot be sent synchronously here", "NotSupportedError");
        const result = perform(request, true);
        this.#sent = false;
        this.#state = 4;
        if (result.error) {
          this.#answer = null;
          throw new DOMException(result.error, "NetworkError");
        }
        this.#answer = result;
        fire(this, "readystatechange");
        fire(this, "load", result.body.length);
        fire(this, "loadend", result.body.length);
        return;
      }
      fire(this, "loadstart", 0);
      const heard = this.upload.heard; // listeners which come later get nothing
      const size = heard ? (request.body?.length ?? 1) : 0;
      if (size) fire(this.upload, "loadstart", size);
      if (this.timeout)
        this.#timer = setTimeout(() => {
          this.#running?.cancel();
          this.#fail("timeout", size);
        }, this.timeout);
      const go = () => {
        this.#running = perform(request, false, (result) => this.#end(result, size));
      };
      if (async) async.then(go);
      else go();
    }

    #end(result, size) {
      clearTimeout(this.#timer);
      this.#running = null;
      if (result.error) return this.#fail("error", size);
      this.#sent = false;
      if (size) for (const type of ["progress", "load", "loadend"]) fire(this.upload, type, size);
      this.#answer = { ...result, body: new Uint8Array(0) };
      this.#state = 2;
      fire(this, "readystatechange");
      if (this.#state !== 2) return;
      this.#answer = result;
      if (result.body.length) {
        this.#state = 3;
        fire(this, "readystatechange");
        fire(this, "progress", result.body.length);
      }
      this.#state = 4;
      fire(this, "readystatechange");
      fire(this, "load", result.body.length);
      fire(this, "loadend", result.body.length);
    }

    #fail(type, size) {
      this.#state = 4;
      this.#sent = false;
      this.#answer = this.#running = null;
      fire(this, "readystatechange");
      if (size) {
        fire(this.upload, type, 0);
        fire(this.upload, "loadend", 0);
      }
      fire(this, type, 0);
      fire(this, "loadend", 0);
    }

    abort() {
      clearTimeout(this.#timer);
      this.#running?.cancel();
      this.#running = null;
      if (this.#sent || this.#state === 2 || this.#state === 3) this.#fail("abort", 0);
      if (this.#state === 4) {
        this.#state = 0;
        this.#answer = null;
      }
    }

    overrideMimeType() {}

    getResponseHeader(name) {
      name = String(name).toLowerCase();
      return this.#answer?.headers.find((h) => h[0].toLowerCase() === name)?.[1] ?? null;
    }

    getAllResponseHeaders() {
      const upper = (s) => s.toUpperCase();
      return (this.#answer?.headers ?? [])
        .slice()
        .sort((a, b) => (upper(a[0]) < upper(b[0]) ? -1 : 1))
        .map(([n, v]) => `${n.toLowerCase()}: ${v}\r\n`)
        .join("");
    }

    get #text() {
      return this.#answer ? new TextDecoder().decode(this.#answer.body) : "";
    }
    get responseText() {
      if (this.#type !== "" && this.#type !== "text") throw new DOMException("not text", "InvalidStateError");
      return this.#text;
    }

    get responseXML() {
      return null;
    }
    get response() {
      if (this.#type === "" || this.#type === "text") return this.#text;
      if (this.#state !== 4 || !this.#answer) return null;
      if (this.#cache === undefined) {
        const bytes = this.#answer.body;
        if (this.#type === "arraybuffer")
          this.#cache = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
        else if (this.#type === "blob")
          this.#cache = new Blob([bytes], { type: this.getResponseHeader("content-type") ?? "" });
        else if (this.#type === "json") {
          try {
            this.#cache = JSON.parse(this.#text);
          } catch {
            this.#cache = null;
          }
        } else this.#cache = null;
      }
      return this.#cache;
    }
  }
  handlers(XMLHttpRequest.prototype, ["readystatechange"]);
  for (const [i, name] of ["UNSENT", "OPENED", "HEADERS_RECEIVED", "LOADING", "DONE"].entries()) {
    for (const on of [XMLHttpRequest, XMLHttpRequest.prototype]) Object.defineProperty(on, name, { value: i });
  }
  return { XMLHttpRequest, setCookie: (cookie) => connect().port.postMessage({ cookie }) };
}
