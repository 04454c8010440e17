import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { OriginName } from "../situation/origins.ts";
import type { WireExchange } from "../situation/run-report.ts";
import type { HeaderLine } from "../situation/situation.ts";
import { withoutRunPaths } from "./run-path.ts";
import type { RunSide } from "./run-registry.ts";

/** How many characters of a body are kept. */
const bodyLimit = 4096;

/**
 * Writes down one request of a run and its answer, as they are on the wire. What listens to the request or writes to the
 * response does not notice.
 *
 * @param isLost whether the answer is not to arrive
 */
export function recordExchange(
  side: RunSide,
  server: OriginName,
  request: IncomingMessage,
  response: ServerResponse,
  isLost: boolean,
): void {
  const index = side.wire.length;
  const requestBody = createText();
  const responseBody = createText();
  const entry = (): WireExchange => ({
    index,
    server,
    kind: isPreflight(request) ? "preflight" : "actual",
    request: {
      method: request.method ?? "",
      path: request.url ?? "/",
      headers: pairs(request.rawHeaders),
      body: requestBody.text(),
    },
    response: { ...headOf(response), body: responseBody.text(), lost: isLost },
    at: Date.now() - side.run.startedAt,
  });
  // Its place is taken at once: exchanges stand in the order in which they arrived.
  const arrived = entry();
  side.wire.push(arrived);
  side.pending += 1;
  tapRequest(request, requestBody.add);
  tapResponse(response, responseBody.add);
  response.once("close", () => {
    side.wire[index] = { ...entry(), at: arrived.at };
    side.pending -= 1;
  });
}

/** Reports whether a request is a CORS-preflight request: `OPTIONS` alone is not. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === "OPTIONS" && headers.origin !== undefined && headers["access-control-request-method"] !== undefined;
}

function createText() {
  let text = "";
  return {
    text: () => text,
    add: (chunk: unknown) => {
      if (text.length >= bodyLimit) return;
      const added =
        typeof chunk === "string" ? chunk : chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : "";
      text = (text + added).slice(0, bodyLimit);
    },
  };
}

// Listening for `data` would set the stream flowing before the server wants it.
function tapRequest(request: IncomingMessage, add: (chunk: unknown) => void): void {
  const push = request.push;
  request.push = (chunk: unknown, encoding) => {
    add(chunk);
    return push.call(request, chunk, encoding);
  };
}

function tapResponse(response: ServerResponse, add: (chunk: unknown) => void): void {
  const { write, end } = response;
  response.write = (...given: readonly unknown[]) => {
    add(given[0]);
    return Reflect.apply(write, response, given);
  };
  response.end = (...given: readonly unknown[]) => {
    if (typeof given[0] !== "function") add(given[0]);
    return Reflect.apply(end, response, given);
  };
}

/** Changes `Location` on its way out, however it is set. */
export function tapLocation(response: ServerResponse, change: (location: string) => string): void {
  const { setHeader, writeHead } = response;
  response.setHeader = (name, value) =>
    setHeader.call(response, name, /^location$/i.test(name) && typeof value === "string" ? change(value) : value);
  response.writeHead = (...given: readonly unknown[]) =>
    Reflect.apply(
      writeHead,
      response,
      given.map((each) => changedHeaders(each, change)),
    );
}

function changedHeaders(given: unknown, change: (location: string) => string): unknown {
  if (Array.isArray(given)) {
    return given.map((each, index) =>
      index % 2 === 1 && /^location$/i.test(String(given[index - 1])) ? change(String(each)) : each,
    );
  }
  if (typeof given !== "object" || given === null) return given;
  const entries = Object.entries(given as OutgoingHttpHeaders).map(([name, value]) =>
    /^location$/i.test(name) && typeof value === "string" ? [name, change(value)] : [name, value],
  );
  return Object.fromEntries(entries);
}

function pairs(raw: readonly string[]): HeaderLine[] {
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name, withoutRunPaths(raw[index + 1] ?? "")] satisfies HeaderLine] : [],
  );
}

// Node keeps the head that it has sent in `_header`, and nothing else has all lines of it as they were.
function headOf(response: ServerResponse): Pick<WireExchange["response"], "headers" | "status" | "statusText"> {
  const [first = "", ...lines] = ((response as { _header?: string | null })._header ?? "").split("\r\n");
  const [, status = "0", statusText = ""] = /^HTTP\/1\.1 (\d{3}) ?(.*)$/.exec(first) ?? [];
  const headers = lines.flatMap((line) => {
    const colon = line.indexOf(":");
    return colon < 1
      ? []
      : [[line.slice(0, colon), withoutRunPaths(line.slice(colon + 1).trim())] satisfies HeaderLine];
  });
  return { status: Number(status), statusText, headers };
}

/** Keeps everything that is written to a response from leaving, and cuts the connection when it is complete. */
export function loseAnswer(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  socket.write = (...given: readonly unknown[]) => {
    const callback = given.at(-1);
    if (typeof callback === "function") process.nextTick(callback as () => void);
    return true;
  };
  response.once("finish", () => socket.destroy());
}
