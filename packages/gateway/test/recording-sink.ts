import type { GatewayRequest } from "../src/exchange/gateway-request.ts";
import type { HeaderFields } from "../src/exchange/header-fields.ts";
import type { Handler, ResponseHead, ResponseSink } from "../src/exchange/response-sink.ts";

/** What came of an exchange. */
export interface Recorded {
  readonly informs: readonly { readonly status: number; readonly headers: HeaderFields }[];
  readonly head: ResponseHead | null;
  readonly body: string;
  readonly trailers: HeaderFields | null;
  /** Null when the response ended whole. */
  readonly error: Error | null;
}

/** Keeps what it is given; `ended` resolves with all of it. */
export class RecordingSink implements ResponseSink {
  readonly informs: { status: number; headers: HeaderFields }[] = [];
  readonly ended: Promise<Recorded>;
  /** How much content was taken. */
  bytes = 0;
  /** Whether the client takes more; while not, every write asks to wait. */
  isReady = true;
  head: ResponseHead | null = null;
  #chunks: Uint8Array[] = [];
  #drained: (() => void)[] = [];
  #aborted: (() => void)[] = [];
  #end: (recorded: Recorded) => void = () => {};
  #calls: string[] = [];

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  inform(status: number, headers: HeaderFields): void {
    this.informs.push({ status, headers });
  }

  start(head: ResponseHead): void {
    this.#call("start");
    this.head = head;
  }

  write(chunk: Uint8Array): boolean {
    this.#call("write");
    this.bytes += chunk.length;
    this.#chunks.push(chunk);
    return this.isReady;
  }

  end(trailers: HeaderFields | null): void {
    this.#call("end");
    this.#finish(trailers, null);
  }

  fail(error: Error): void {
    this.#call("fail");
    this.#finish(null, error);
  }

  onDrain(listener: () => void): void {
    this.#drained.push(listener);
  }

  onAbort(listener: () => void): void {
    this.#aborted.push(listener);
  }

  drain(): void {
    this.isReady = true;
    for (const listener of this.#drained) listener();
  }

  abort(): void {
    for (const listener of this.#aborted) listener();
  }

  /** Nothing may follow the end, and content only the head. */
  #call(name: string): void {
    const last = this.#calls.at(-1);
    if (last === "end" || last === "fail") throw new Error(`${name} after ${last}`);
    if (name !== "start" && name !== "fail" && last === undefined) throw new Error(`${name} before start`);
    this.#calls.push(name);
  }

  #finish(trailers: HeaderFields | null, error: Error | null): void {
    const body = Buffer.concat(this.#chunks).toString("latin1");
    this.#end({ informs: this.informs, head: this.head, body, trailers, error });
  }
}

/** A request as the doors make it. */
export function gatewayRequest(members: Partial<GatewayRequest> = {}): GatewayRequest {
  return {
    method: "GET",
    scheme: "http",
    authority: "gateway.example:8080",
    target: "/",
    httpVersion: "1.1",
    headers: {},
    body: null,
    clientAddress: "192.0.2.7",
    ...members,
  };
}

/** Runs one exchange to its end. */
export function exchange(handler: Handler, members: Partial<GatewayRequest> = {}): Promise<Recorded> {
  const sink = new RecordingSink();
  handler(gatewayRequest(members), sink);
  return sink.ended;
}
