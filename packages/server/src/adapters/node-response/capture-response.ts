import type { StoredResponse } from "../../idempotency/idempotency-store.ts";
import { setGivenHeaders } from "./at-head.ts";
import type { NodeResponse } from "./node-response.ts";

/** Node's response as it is called by frameworks. */
interface CalledResponse extends NodeResponse {
  writeHead(status: number, ...rest: unknown[]): unknown;
  write(chunk: unknown, ...rest: unknown[]): unknown;
  end(...given: unknown[]): unknown;
  flushHeaders(): unknown;
  getHeaders(): Readonly<Record<string, unknown>>;
}

/**
 * Lets a response go out and takes it down. Its end waits until `finish` has it, so that whoever has got the whole
 * response can rely on getting it again.
 *
 * @param limit of the body, in bytes; a longer one is not taken down
 * @param finish must not reject
 */
export function captureResponse(
  given: NodeResponse,
  limit: number,
  finish: (response: StoredResponse) => Promise<void>,
): void {
  const response = given as CalledResponse;
  const { writeHead, write, end, flushHeaders } = response;
  let head: Omit<StoredResponse, "body"> | null = null;
  let chunks: Buffer[] | null = [];
  let length = 0;
  let hasEnded = false;
  const takeHead = (status: number) => {
    head ??= { status, headers: headersOf(response) };
    return head;
  };
  const take = (chunk: unknown, encoding: unknown) => {
    const bytes = bufferOf(chunk, encoding);
    length += bytes.byteLength;
    if (length > limit) chunks = null;
    else chunks?.push(Buffer.from(bytes));
  };
  response.writeHead = (status, ...rest) => {
    if (response.headersSent || status < 200 || head !== null) return writeHead.call(response, status, ...rest);
    const reason = typeof rest[0] === "string" ? rest[0] : undefined;
    setGivenHeaders(response, reason === undefined ? (rest[1] ?? rest[0]) : rest[1]);
    takeHead(status);
    return reason === undefined ? writeHead.call(response, status) : writeHead.call(response, status, reason);
  };
  response.write = (chunk, ...rest) => {
    if (hasEnded) return write.call(response, chunk, ...rest);
    takeHead(response.statusCode);
    take(chunk, rest[0]);
    return write.call(response, chunk, ...rest);
  };
  response.flushHeaders = () => {
    takeHead(response.statusCode);
    return flushHeaders.call(response);
  };
  response.end = (...rest) => {
    // A second end is a mistake that Node forgives.
    if (hasEnded) return response;
    hasEnded = true;
    const [chunk, encoding] = rest;
    const { status, headers } = takeHead(response.statusCode);
    if (chunk !== undefined && chunk !== null && typeof chunk !== "function") take(chunk, encoding);
    if (!response.headersSent) {
      // Node tells the length of what is given at once, which the head being sent now makes it miss.
      const isMeasured = response.getHeader("content-length") !== undefined || status === 204 || status === 304;
      if (!isMeasured && response.getHeader("transfer-encoding") === undefined) {
        response.setHeader("content-length", String(length));
      }
      writeHead.call(response, status);
    }
    const body = chunks === null ? null : Buffer.concat(chunks, length);
    void finish({ status, headers, body }).then(() => end.apply(response, rest));
    return response;
  };
}

function headersOf(response: CalledResponse): [name: string, value: string][] {
  return Object.entries(response.getHeaders()).flatMap(([name, value]) =>
    [value].flat().map((line): [string, string] => [name.toLowerCase(), String(line)]),
  );
}

function bufferOf(chunk: unknown, encoding: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  return Buffer.from(String(chunk), typeof encoding === "string" ? (encoding as "utf8") : "utf8");
}
