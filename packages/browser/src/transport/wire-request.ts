import { channel } from "node:diagnostics_channel";
import type { Header, HeaderList, NetworkRequest } from "@corsac/protocol";
import type { Dispatcher } from "undici";
import { acceptEncoding } from "./content-decoding.ts";

/** A request in undici's terms. */
export interface WireRequest {
  readonly options: Dispatcher.DispatchOptions;
  /** All header lines as HTTP/1.1 sends them. */
  readonly lines: HeaderList;
  /** Values that undici would refuse and browsers send, by their place among the headers; `null` if there is none. */
  readonly unchecked: ReadonlyMap<number, string> | null;
}

/** Methods for which undici, as browsers do for POST and PUT, says that a missing body is an empty one. */
const expectsBody = new Set(["PATCH", "POST", "PROPFIND", "PROPPATCH", "PUT", "QUERY"]);

const keepAliveLines: HeaderList = [["connection", "keep-alive"]];
const handshakeLines: HeaderList = [
  ["connection", "upgrade"],
  ["upgrade", "websocket"],
];

/** Everything but what undici lets through; NUL, CR and LF cannot be in a header at all. */
const refusedByUndici = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * Translates a request. Header values go out byte for byte; the length of a body that is known is announced, any other
 * body is sent in chunks. `Accept-Encoding` is added unless `headers` has it.
 *
 * @param target what stands in the request line, if not the path: the whole URL, for a proxy
 */
export function wireRequest(request: NetworkRequest, headers: HeaderList, target?: string): WireRequest {
  const { method, url, body } = request;
  const flat: string[] = [];
  const isHandshake = request.mode === "websocket";
  const lines: Header[] = [["host", url.host], ...(isHandshake ? handshakeLines : keepAliveLines)];
  let unchecked: Map<number, string> | null = null;
  let encodings: string | null = acceptEncoding(isSecure(url));
  for (const header of headers) {
    const [name, value] = header;
    const lower = name.toLowerCase();
    // Parts of an encoded body could not be decoded.
    if (lower === "range" && encodings !== null) encodings = "identity";
    if (lower === "accept-encoding") encodings = null;
    // undici writes them itself.
    if (isHandshake && (lower === "connection" || lower === "upgrade")) continue;
    if (lower !== "host") lines.push(header);
    flat.push(name, refusedByUndici.test(value) ? "" : value);
    if (flat.at(-1) !== value) unchecked = (unchecked ?? new Map<number, string>()).set(flat.length - 1, value);
  }
  if (encodings !== null) {
    flat.push("Accept-Encoding", encodings);
    lines.push(["Accept-Encoding", encodings]);
  }
  const payload = bodyOf(body?.payload);
  const framing = bodyFraming(request);
  if (framing !== null) lines.push(framing);
  if (framing?.[0] === "content-length" && payload !== null) flat.push("content-length", framing[1]);
  const options: Dispatcher.DispatchOptions = {
    path: target ?? url.pathname + url.search,
    method,
    headers: flat,
    body: payload as Buffer | null,
    // Browsers keep the connection whatever the method is; undici would close it after HEAD, or DELETE with a body.
    reset: false,
    upgrade: isHandshake ? "websocket" : null,
    // The server decides how long an answer may take to read: event streams are silent for hours.
    bodyTimeout: 0,
  };
  return { options, lines, unchecked };
}

/** The header lines of the same request over HTTP/2. */
export function http2Lines(request: NetworkRequest, lines: HeaderList): HeaderList {
  const pseudo: Header[] = [
    [":authority", request.url.host],
    [":method", request.method],
    [":path", request.url.pathname + request.url.search],
    [":scheme", request.url.protocol.slice(0, -1)],
  ];
  const ofConnection = new Set(["connection", "host", "transfer-encoding"]);
  const others = lines.map(([name, value]): Header => [name.toLowerCase(), value]);
  return [...pseudo, ...others.filter(([name]) => !ofConnection.has(name))];
}

/**
 * Has `dispatch` send the given values although undici refuses them: control characters, which a script may put in a
 * header. They replace the placeholders in the request that undici announces while `dispatch` runs.
 */
export function sendUnchecked(values: ReadonlyMap<number, string>, dispatch: () => void): void {
  const created = channel("undici:request:create");
  const replace = (message: unknown) => {
    const { headers } = (message as { request: { headers: string[] } }).request;
    for (const [place, value] of values) headers[place] = value;
  };
  created.subscribe(replace);
  try {
    dispatch();
  } finally {
    created.unsubscribe(replace);
  }
}

function bodyFraming({ body, method }: NetworkRequest): Header | null {
  if (body !== null && body.length === null) return ["transfer-encoding", "chunked"];
  const length = body?.length ?? 0;
  return length > 0 || expectsBody.has(method) ? ["content-length", String(length)] : null;
}

function bodyOf(payload: unknown): unknown {
  if (payload == null) return null;
  if (payload instanceof Uint8Array) return payload.byteLength === 0 ? null : payload;
  // Given as it is, undici would add the type of the blob as Content-Type.
  if (payload instanceof Blob) return payload.size === 0 ? null : payload.stream();
  return payload;
}

/** Over plain HTTP, browsers ask for the codings of the nineties, except on this machine. */
function isSecure(url: URL): boolean {
  return url.protocol === "https:" || /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}
