import type { NodeRequest } from "./node-request.ts";

/** Node's request as a stream. */
interface StreamedRequest extends NodeRequest {
  readonly readableEnded: boolean;
  readonly readableLength: number;
  readonly complete: boolean;
  readonly stream?: object;
  /** What a body parser made of the body. */
  readonly body?: unknown;
  push(chunk: Uint8Array | null): boolean;
  read(size?: number): Uint8Array | null;
  unshift(chunk: Uint8Array): void;
  resume(): unknown;
  once(event: "close", listener: () => void): unknown;
}

/**
 * Reads the body of a request and leaves it there for the application.
 *
 * The chunks are held back where Node puts them into the stream, and put there when the last one has come, so that the
 * stream that the application reads is as if nothing had happened.
 *
 * @param limit in bytes; what is longer is dropped
 * @param parsed what a body parser made of the body, where the stream has been read
 * @returns null when it is longer than the limit; undefined when the client has gone away before it had sent all
 * @throws {TypeError} when something has read the body and left nothing
 */
export async function peekBody(
  given: NodeRequest,
  limit: number,
  parsed: unknown,
): Promise<Uint8Array | null | undefined> {
  const request = given as StreamedRequest;
  const known = parsed ?? request.body;
  if (known !== undefined && (request.readableEnded || (request.complete && request.readableLength === 0))) {
    const bytes = bytesOf(known);
    return bytes.byteLength > limit ? null : bytes;
  }
  if (request.readableEnded) {
    if (!hasBody(request)) return new Uint8Array();
    throw new TypeError(
      "idempotencyKey cannot see the body: something has read it before. Use it before what reads bodies.",
    );
  }
  // Over HTTP/2 `complete` means something else.
  if (request.complete && request.stream === undefined) {
    const buffered = request.readableLength === 0 ? null : request.read();
    if (buffered === null) return new Uint8Array();
    request.unshift(buffered);
    return buffered.byteLength > limit ? null : buffered;
  }
  return holdBack(request, limit);
}

function holdBack(request: StreamedRequest, limit: number): Promise<Uint8Array | null | undefined> {
  const { push } = request;
  const chunks: Uint8Array[] = [];
  let length = 0;
  return new Promise((resolve) => {
    const letGo = () => {
      request.push = push;
    };
    const take = (chunk: Uint8Array) => {
      length += chunk.byteLength;
      chunks.push(chunk);
      if (length <= limit) return;
      letGo();
      request.resume();
      resolve(null);
    };
    request.push = (chunk) => {
      if (chunk !== null) {
        take(chunk);
        return true;
      }
      letGo();
      const body = Buffer.concat(chunks, length);
      if (length > 0) push.call(request, body);
      push.call(request, null);
      resolve(body);
      return false;
    };
    request.once("close", () => resolve(undefined));
    if (request.readableLength > 0) {
      const buffered = request.read();
      if (buffered !== null) take(buffered);
    }
    // Over HTTP/2 nothing comes before somebody asks for it.
    if (request.stream !== undefined) request.read(0);
  });
}

function hasBody({ headers }: NodeRequest): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

/** A parsed body tells requests apart as well as its bytes do: JSON keeps the order of its members. */
function bytesOf(parsed: unknown): Uint8Array {
  if (parsed instanceof Uint8Array) return parsed;
  return Buffer.from(typeof parsed === "string" ? parsed : (JSON.stringify(parsed) ?? ""));
}
