import { randomUUID } from "node:crypto";
import { pipeline, type Readable, Transform } from "node:stream";
import { ForwardingSink } from "../exchange/forwarding-sink.ts";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { ExchangeNotes, GatewayRequest } from "../exchange/gateway-request.ts";
import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import type { Handler, ResponseHead, ResponseSink } from "../exchange/response-sink.ts";
import { CapturedContent } from "./captured-content.ts";

/** How an exchange ended: with the whole response, with a part of it, or with a client that left before. */
export type ExchangeOutcome = "aborted" | "complete" | "failed";

/** An exchange that is over. */
export interface ObservedExchange {
  /** The client's `X-Request-Id`, or one made for the exchange; the upstream gets it as well. */
  readonly id: string;
  /** The request as it came in; other stages have changed its header fields since. */
  readonly request: Omit<GatewayRequest, "body" | "headers" | "notes">;
  readonly requestHeaders: HeaderFields;
  readonly notes: ExchangeNotes;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  /** Milliseconds until the response began; null if none did. */
  readonly headTime: number | null;
  /** Milliseconds until the end. */
  readonly duration: number;
  readonly outcome: ExchangeOutcome;
  /** What the client got; null if it left before. */
  readonly status: number | null;
  readonly responseHeaders: HeaderFields;
  /** Bytes of content that were sent. */
  readonly size: number;
  /** Null unless an observer records contents. */
  readonly requestContent: CapturedContent | null;
  readonly responseContent: CapturedContent | null;
}

/** Is told of exchanges. Whatever it does is done before the next exchange goes on, so it has to be quick. */
export interface ExchangeObserver {
  /** The bytes of each content that it wants to see; 0 for none. */
  readonly contentBytes: number;
  began?(): void;
  ended(exchange: ObservedExchange): void;
}

/** What is sent along as an identifier: anything longer or stranger is not taken over into logs. */
const plainId = /^[\w.:+/=@-]{1,128}$/;

/**
 * Makes a handler whose exchanges are told to observers when they end. Without observers it is the handler itself.
 *
 * @param clock milliseconds since 1970, with fractions
 */
export function withObservation(
  handler: Handler,
  observers: readonly ExchangeObserver[],
  clock: () => number = preciseTime,
): Handler {
  if (observers.length === 0) return handler;
  const contentBytes = Math.max(...observers.map((observer) => observer.contentBytes));
  return (request, sink) => {
    const observed = new ObservedSink(sink, request, observers, clock, contentBytes);
    handler(observed.passedOn(request), observed);
  };
}

/** The time in milliseconds since 1970, with fractions. */
export function preciseTime(): number {
  return performance.timeOrigin + performance.now();
}

/** A sink that remembers what goes through it, and tells observers when it ends. */
export class ObservedSink extends ForwardingSink implements ObservedExchange {
  readonly id: string;
  readonly request: ObservedExchange["request"];
  readonly requestHeaders: HeaderFields;
  readonly notes: ExchangeNotes;
  readonly startTime: number;
  readonly requestContent: CapturedContent | null;
  readonly responseContent: CapturedContent | null;
  headTime: number | null = null;
  duration = 0;
  outcome: ExchangeOutcome = "complete";
  status: number | null = null;
  responseHeaders: HeaderFields = {};
  size = 0;
  readonly #observers: readonly ExchangeObserver[];
  readonly #clock: () => number;
  #isOver = false;

  constructor(
    next: ResponseSink,
    request: GatewayRequest,
    observers: readonly ExchangeObserver[],
    clock: () => number,
    contentBytes: number,
  ) {
    super(next);
    this.#observers = observers;
    this.#clock = clock;
    this.startTime = clock();
    this.id = idOf(request.headers);
    this.request = request;
    this.requestHeaders = { ...request.headers };
    this.notes = request.notes ?? {};
    this.requestContent = contentBytes === 0 ? null : new CapturedContent(contentBytes);
    this.responseContent = contentBytes === 0 ? null : new CapturedContent(contentBytes);
    for (const observer of observers) observer.began?.();
    next.onAbort(() => this.leave());
  }

  /** The client left. */
  leave(): void {
    this.#finish("aborted");
  }

  /** The request with a place for notes and, if contents are recorded, with a body that is. */
  passedOn(request: GatewayRequest): GatewayRequest {
    request.headers["x-request-id"] = this.id;
    request.notes = this.notes;
    if (this.requestContent === null || request.body === null) return request;
    return { ...request, body: recorded(request.body, this.requestContent) };
  }

  override start(head: ResponseHead): void {
    this.headTime = this.#clock() - this.startTime;
    this.status = head.status;
    this.responseHeaders = head.headers;
    this.next.start(head);
  }

  override write(chunk: Uint8Array): boolean {
    this.size += chunk.byteLength;
    this.responseContent?.add(chunk);
    return this.next.write(chunk);
  }

  override end(trailers: Parameters<ResponseSink["end"]>[0]): void {
    this.next.end(trailers);
    this.#finish("complete");
  }

  override fail(error: Error): void {
    const isAnswered = this.status === null;
    this.status ??= error instanceof GatewayError ? error.status : 500;
    this.notes.error ??= error instanceof GatewayError ? error.code : "gateway-failed";
    this.next.fail(error);
    this.#finish(isAnswered ? "complete" : "failed");
  }

  #finish(outcome: ExchangeOutcome): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.outcome = outcome;
    this.duration = this.#clock() - this.startTime;
    for (const observer of this.#observers) observer.ended(this);
  }
}

function idOf(headers: HeaderFields): string {
  const given = fieldValue(headers, "x-request-id");
  return given !== null && plainId.test(given) ? given : randomUUID();
}

function recorded(body: Readable, content: CapturedContent): Readable {
  const copy = new Transform({
    transform(chunk: Uint8Array, _, done) {
      content.add(chunk);
      done(null, chunk);
    },
  });
  // An error reaches whoever reads the copy.
  return pipeline(body, copy, () => {});
}
