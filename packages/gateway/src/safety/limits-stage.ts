import type { Duplex, Readable } from "node:stream";
import { RequestBody } from "../client/request-body.ts";
import type { LimitConfiguration } from "../configuration/gateway-configuration.ts";
import { ForwardingSink } from "../exchange/forwarding-sink.ts";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";
import type { Handler, ResponseSink } from "../exchange/response-sink.ts";
import { SocketSink } from "../forward/socket-sink.ts";
import { Admission } from "./admission.ts";

/**
 * Wraps a handler so that it gets no more requests at a time, no more of one client, and no longer content than the
 * limits say. Header fields and times are the doors' to bound.
 *
 * @see https://httpwg.org/specs/rfc9110.html#status.413
 * @see https://www.rfc-editor.org/rfc/rfc6585#section-4
 */
export function withLimits(
  handler: Handler,
  limits: LimitConfiguration,
  admission: Admission = new Admission(limits),
): Handler {
  const { bodyBytes } = limits;
  return (request, sink) => {
    const refusal = admission.enter("request", request);
    if (refusal !== null) {
      sink.fail(refusal);
      return;
    }
    const counted = new CountedSink(sink, admission);
    const { body, headers } = request;
    const length = headers["content-length"];
    if (body === null) handler(request, counted);
    else if (Number(length) > bodyBytes) counted.fail(tooLarge(bodyBytes));
    // Whoever parsed a message holds it to its length; nobody did so with a `Request` of this process.
    else if (length !== undefined && request.clientAddress !== null) handler(request, counted);
    else handler({ ...request, body: new BoundedContent(body, bodyBytes, counted) }, counted);
  };
}

/** Wraps a handler of upgrades so that each counts for as long as its connection lasts. */
export function withUpgradeLimits(
  upgrade: (request: GatewayRequest, socket: Duplex, head: Buffer) => void,
  admission: Admission,
): (request: GatewayRequest, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    const refusal = admission.enter("upgrade", request);
    if (refusal !== null) {
      new SocketSink(socket).fail(refusal);
      return;
    }
    if (socket.closed) admission.leave("upgrade");
    else socket.once("close", () => admission.leave("upgrade"));
    upgrade(request, socket, head);
  };
}

/** Gives the place of a request back when it is over, once. */
class CountedSink extends ForwardingSink {
  readonly #admission: Admission;
  #isOver = false;

  constructor(next: ResponseSink, admission: Admission) {
    super(next);
    this.#admission = admission;
    next.onAbort(() => this.#leave());
  }

  override end(trailers: HeaderFields | null): void {
    this.#leave();
    super.end(trailers);
  }

  override fail(error: Error): void {
    // What fails because the content was too long has been answered by then.
    if (this.#isOver) return;
    this.#leave();
    super.fail(error);
  }

  #leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#admission.leave("request");
  }
}

/** Content of unknown length, which fails together with its exchange when it gets too long. */
class BoundedContent extends RequestBody {
  readonly #limit: number;
  readonly #sink: ResponseSink;
  #bytes = 0;

  constructor(source: Readable, limit: number, sink: ResponseSink) {
    super(source, null);
    this.#limit = limit;
    this.#sink = sink;
  }

  override push(chunk: Uint8Array | null): boolean {
    this.#bytes += chunk?.byteLength ?? 0;
    if (this.#bytes <= this.#limit) return super.push(chunk);
    const error = tooLarge(this.#limit);
    this.#sink.fail(error);
    this.destroy(error);
    return false;
  }
}

function tooLarge(limit: number): GatewayError {
  return new GatewayError("request-too-large", `The request's content is longer than ${limit} bytes.`);
}
