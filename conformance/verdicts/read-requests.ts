import type { Socket } from "node:net";

/** A request as it came over the wire: every byte of its head one character. */
export interface RawRequest {
  readonly method: string;
  /** The request target as it stands. */
  readonly target: string;
  /** In order, names as they stand. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

function parseHead(head: string): Omit<RawRequest, "body"> {
  const [requestLine = "", ...lines] = head.split("\r\n");
  const [method = "", target = ""] = requestLine.split(" ");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "")] as const;
  });
  return { method, target, headers };
}

/** The value of the first header called `name` (lower case). */
export function headerValue(request: Pick<RawRequest, "headers">, name: string): string | undefined {
  return request.headers.find((pair) => pair[0].toLowerCase() === name)?.[1];
}

/** Takes a chunked body from the front of `bytes`; `null` when its end has not come yet. */
function takeChunked(bytes: Buffer): { body: Buffer; rest: Buffer } | null {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at, "latin1");
    if (lineEnd < 0) return null;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    const start = lineEnd + 2;
    if (bytes.length < start + size + 2) return null;
    if (size === 0) return { body: Buffer.concat(chunks), rest: bytes.subarray(start + 2) };
    chunks.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}

/** Takes one whole request from the front of `bytes`; `null` when it has not come completely. */
function takeRequest(bytes: Buffer): { request: RawRequest; rest: Buffer } | null {
  const headEnd = bytes.indexOf("\r\n\r\n", 0, "latin1");
  if (headEnd < 0) return null;
  const head = parseHead(bytes.toString("latin1", 0, headEnd));
  const after = bytes.subarray(headEnd + 4);
  if (headerValue(head, "transfer-encoding")?.toLowerCase() === "chunked") {
    const chunked = takeChunked(after);
    return chunked && { request: { ...head, body: chunked.body }, rest: chunked.rest };
  }
  const length = Number(headerValue(head, "content-length") ?? 0);
  if (after.length < length) return null;
  return { request: { ...head, body: after.subarray(0, length) }, rest: after.subarray(length) };
}

/**
 * Calls `answer` for each HTTP/1.1 request that comes over `socket`, in order. Node's own parser would refuse some of
 * the requests that browsers send, and hide how others were written.
 */
export function readRequests(socket: Socket, answer: (request: RawRequest) => void): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (let taken = takeRequest(pending); taken !== null; taken = takeRequest(pending)) {
      pending = taken.rest;
      answer(taken.request);
    }
  });
}
