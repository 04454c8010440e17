import { GatewayError } from "../exchange/gateway-error.ts";
import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import type { Handler, ResponseHead, ResponseSink } from "../exchange/response-sink.ts";
import type { ReceivedHead } from "./age.ts";
import { type CacheExchange, type Found, requestWith } from "./cache-exchange.ts";
import { addForwarding, type Forwarding, type ForwardReason } from "./cache-status.ts";
import type { StoredResponse } from "./cache-store.ts";
import { isConditional, withoutConditions } from "./conditional-request.ts";
import { responseFacts } from "./response-facts.ts";
import { type RecordingBudget, ResponseRecorder } from "./response-recorder.ts";
import { decideReuse, mayServeIfError, type Reuse } from "./reuse.ts";
import { servedHeaders, serveStored } from "./serve-stored.ts";
import { SharedSink } from "./shared-sink.ts";
import { type StorageRefusal, storageRefusal } from "./storability.ts";
import { storedHeaders } from "./stored-headers.ts";
import { describesStored, freshened, validatedResponse } from "./validation.ts";
import { isSelected, selectingFields, varyNames } from "./vary.ts";

/** What a flight needs of the stage that it belongs to. */
export interface FlightControl {
  readonly handler: Handler;
  readonly clock: () => number;
  /** Of content that is kept, in bytes. */
  readonly maxEntryBytes: number;
  readonly budget: RecordingBudget;
  store(exchange: CacheExchange, response: StoredResponse, generation: number): void | Promise<void>;
  invalidate(key: string): void | Promise<void>;
  /** Takes note that responses under the key are not for several clients, for the time being. */
  avoidSharing(key: string): void;
  /** The flight takes nobody in any more. `stored` resolves when what it brought is in the store. */
  landed(flight: Flight, stored: void | Promise<void>): void;
}

/** Why a request goes to the upstream. */
export interface Departure {
  readonly reason: ForwardReason;
  /** Why what is stored does not do. */
  readonly detail: Reuse | null;
  readonly found: Found;
  /** Whether the upstream is asked if what was found still holds; else it gets the request as it is. */
  readonly validates: boolean;
}

interface Waiter {
  readonly exchange: CacheExchange;
  readonly sink: ResponseSink;
  /** Lets the request go out itself. */
  readonly release: () => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * One request on its way to the upstream: stores the response if it may be stored while it is passed on, updates what a
 * 304 validates, and answers the same requests of others, as long as the response is for all of them.
 *
 * @see https://httpwg.org/specs/rfc9111.html#constructing.responses.from.caches
 */
export class Flight implements ResponseSink {
  readonly exchange: CacheExchange;
  readonly #control: FlightControl;
  readonly #departure: Departure;
  readonly #shared: SharedSink;
  readonly #waiters = new Set<Waiter>();
  readonly #abortListeners: (() => void)[] = [];
  #validates: boolean;
  #stored: void | Promise<void> = undefined;
  #generation: number | null = null;
  #requestTime = 0;
  #recorder: ResponseRecorder | null = null;
  /** `departing`: no head yet. `resending`: a 304 was about nothing that is stored. `over`: what comes is ignored. */
  #phase: "departing" | "resending" | "passing" | "over" = "departing";

  constructor(control: FlightControl, exchange: CacheExchange, departure: Departure) {
    this.#control = control;
    this.exchange = exchange;
    this.#departure = departure;
    this.#validates = departure.validates;
    this.#shared = new SharedSink(() => this.#abortIfUnwanted());
    if (exchange.sink !== null) this.#shared.add(exchange.sink);
  }

  /** Whether it needs no upstream any more. */
  get isOver(): boolean {
    return this.#phase === "over";
  }

  /** Whether its response is for the request, as far as that is known. */
  mayAnswer(exchange: CacheExchange): boolean {
    if (this.#phase !== "passing") return this.#phase !== "over";
    return this.#recorder !== null && this.#isFor(this.#recorder.head, exchange);
  }

  /** @param generation of the key before now; null when nothing can be stored */
  send(headers: HeaderFields, generation: number | null): void {
    this.#generation = generation;
    this.#requestTime = this.#control.clock();
    this.#control.handler(requestWith(this.exchange, headers), this);
  }

  /**
   * Takes in a request that it may answer: it gets this response, or is released when it turns out to be for others.
   *
   * @param seconds how long it waits for this flight at most
   */
  join(exchange: CacheExchange, sink: ResponseSink, seconds: number, release: () => void): void {
    const timer = setTimeout(() => {
      if (this.#waiters.delete(waiter)) release();
    }, seconds * 1000);
    const waiter: Waiter = { exchange, sink, release, timer };
    sink.onAbort(() => {
      clearTimeout(timer);
      if (this.#waiters.delete(waiter)) this.#abortIfUnwanted();
    });
    this.#waiters.add(waiter);
    if (this.#phase === "passing") this.#takeIn(waiter);
  }

  /** Ends the flight before it departed, and returns all that wanted its response. */
  dissolve(): (() => void)[] {
    this.#phase = "over";
    this.#land();
    return this.#leave();
  }

  inform(status: number, headers: HeaderFields): void {
    if (this.#phase === "departing") this.#shared.inform(status, headers);
  }

  start(head: ResponseHead): void {
    if (this.#phase !== "departing") return;
    const received: ReceivedHead = {
      status: head.status,
      headers: head.headers,
      requestTime: this.#requestTime,
      responseTime: this.#control.clock(),
    };
    if (this.#validates && head.status === 304) this.#onNotModified(received);
    else if (!isServerError(head.status) || !this.#serveStale(head.status)) this.#pass(head, received);
  }

  write(chunk: Uint8Array): boolean {
    if (this.#phase !== "passing") return true;
    if (this.#recorder?.add(chunk) === false) {
      this.#stopRecording();
    }
    return this.#shared.write(chunk);
  }

  end(trailers: HeaderFields | null): void {
    if (this.#phase === "resending") {
      this.#phase = "departing";
      this.send(withoutConditions(this.exchange.request.headers), this.#generation);
      return;
    }
    if (this.#phase !== "passing") return;
    this.#phase = "over";
    const stored = this.#recorder?.finish(trailers) ?? null;
    // Before anybody is told that it is complete: whoever asks again then finds it.
    if (stored !== null) this.#store(stored);
    this.#land();
    this.#shared.end(trailers);
    this.#answerWaiters(stored);
  }

  fail(error: Error): void {
    if (this.#phase === "over") return;
    if (this.#phase === "departing" && isUpstreamError(error) && this.#serveStale(null)) return;
    this.#phase = "over";
    this.#dropRecord();
    this.#land();
    this.#shared.fail(error);
    this.#answerWaiters(null);
  }

  onDrain(listener: () => void): void {
    this.#shared.onDrain(listener);
  }

  onAbort(listener: () => void): void {
    this.#abortListeners.push(listener);
  }

  #pass(head: ResponseHead, received: ReceivedHead): void {
    const { exchange } = this;
    const facts = responseFacts(received);
    const refusal = storageRefusal(
      { method: exchange.request.method, headers: exchange.request.headers, directives: exchange.directives },
      received,
      facts,
      exchange,
    );
    if (refusal === null) {
      const recorded = this.#storedHead(head, received, storedHeaders(head.headers, facts, exchange.ownsCors));
      const length = Number(fieldValue(head.headers, "content-length") ?? 0);
      const { maxEntryBytes, budget } = this.#control;
      if (length <= maxEntryBytes) this.#recorder = new ResponseRecorder(recorded, maxEntryBytes, budget);
    } else if (exchange.request.method === "HEAD") {
      this.#learnFromHead(received);
    }
    const isShareable = this.#recorder !== null && !facts.noCache && received.responseTime < facts.freshUntil;
    if (!isShareable) {
      this.#control.avoidSharing(exchange.key);
      this.#land();
    }
    this.#phase = "passing";
    this.#shared.isKept = this.#recorder !== null;
    addForwarding(head.headers, this.#forwarding(refusal, this.#recorder !== null));
    this.#shared.start(head);
    for (const waiter of [...this.#waiters]) {
      if (isShareable) this.#takeIn(waiter);
      else this.#release(waiter);
    }
  }

  /** Answers a waiting request with the response under way if it is one for it. */
  #takeIn(waiter: Waiter): void {
    const head = this.#recorder?.head;
    if (head === undefined || !this.#isFor(head, waiter.exchange)) {
      this.#release(waiter);
      return;
    }
    const { headers, method } = waiter.exchange.request;
    // Those who want no more than a part or a 304 are answered from the whole.
    if (method === "HEAD" || "range" in headers || isConditional(headers)) return;
    this.#forget(waiter);
    const { status, statusText } = head;
    const why = { reason: this.#departure.reason, collapsed: true } as const;
    waiter.sink.start({
      status,
      statusText,
      headers: servedHeaders({ ...head.headers }, head, why, this.#control.clock()),
    });
    for (const chunk of this.#recorder?.chunks ?? []) waiter.sink.write(chunk);
    this.#shared.add(waiter.sink);
  }

  #onNotModified(received: ReceivedHead): void {
    const { exchange } = this;
    const { selected, variants } = this.#departure.found;
    const validated = validatedResponse(received.headers, selected, variants);
    if (validated === null) {
      this.#phase = "resending";
      this.#validates = false;
      return;
    }
    this.#phase = "over";
    const facts = responseFacts(received);
    const update = freshened(validated, storedHeaders(received.headers, facts, exchange.ownsCors), received);
    const selectedAnew = this.#storedHead(validated, update, update.headers, update);
    // In the place of what it says about, even if the request fields that select it are others now.
    const stored = validated === selected ? { ...selectedAnew, id: selected.id } : selectedAnew;
    const refusal = storageRefusal(
      { method: "GET", headers: exchange.request.headers, directives: exchange.directives },
      stored,
      responseFacts(stored),
      exchange,
    );
    if (refusal === null) this.#store(stored);
    else this.#stored = this.#control.invalidate(exchange.key);
    this.#land();
    const why = { ...this.#forwarding(refusal, refusal === null), status: 304 };
    this.#serve(exchange, stored, why, fieldLines(received.headers, "set-cookie"));
    this.#answerWaiters(refusal === null ? stored : null);
  }

  /** Answers with what is stored in the place of an error, if that is allowed; returns whether it was. */
  #serveStale(status: number | null): boolean {
    const { exchange } = this;
    const { selected } = this.#departure.found;
    const now = this.#control.clock();
    if (selected === null || !mayServeIfError(responseFacts(selected), exchange.directives, now)) return false;
    this.#phase = "over";
    this.#land();
    const why: Forwarding = { ...this.#forwarding(null, false), ...(status === null ? {} : { status }) };
    this.#serve(exchange, selected, why, []);
    this.#answerWaiters(null);
    if (status !== null) for (const listener of this.#abortListeners) listener();
    return true;
  }

  #serve(exchange: CacheExchange, stored: StoredResponse, why: Forwarding, cookies: readonly string[]): void {
    if (exchange.sink === null) return;
    // The upstream's cookies are for the one who asked, and not stored.
    const served =
      cookies.length === 0 ? stored : { ...stored, headers: { ...stored.headers, "set-cookie": [...cookies] } };
    serveStored(exchange, served, why, this.#control.clock());
  }

  /** A response to HEAD tells whether what a GET has stored still holds. */
  #learnFromHead(received: ReceivedHead): void {
    const { selected } = this.#departure.found;
    if (selected === null || received.status !== selected.status) return;
    if (!describesStored(received.headers, selected)) {
      this.#stored = this.#control.invalidate(this.exchange.key);
    } else {
      const headers = storedHeaders(received.headers, responseFacts(received), this.exchange.ownsCors);
      this.#store(freshened(selected, headers, received));
    }
  }

  /** The response of this request as it is stored, with the request fields that select it. */
  #storedHead(
    { status, statusText }: { readonly status: number; readonly statusText: string },
    { requestTime, responseTime }: { readonly requestTime: number; readonly responseTime: number },
    headers: HeaderFields,
    content: { readonly body: Uint8Array; readonly trailers: HeaderFields | null } = { body: empty, trailers: null },
  ): StoredResponse {
    const { request, forwardOrigin } = this.exchange;
    const selectedBy = selectingFields(varyNames(headers, forwardOrigin) ?? [], request.headers);
    if (!("date" in headers)) headers.date = new Date(responseTime).toUTCString();
    const { body, trailers } = content;
    const id = JSON.stringify(selectedBy);
    return { id, selectedBy, status, statusText, headers, trailers, body, requestTime, responseTime };
  }

  #store(response: StoredResponse): void {
    if (this.#generation !== null) this.#stored = this.#control.store(this.exchange, response, this.#generation);
  }

  #land(): void {
    this.#control.landed(this, this.#stored);
  }

  #forwarding(refusal: StorageRefusal | null, stored: boolean): Forwarding {
    return { reason: this.#departure.reason, stored, detail: refusal ?? this.#departure.detail };
  }

  #isFor(stored: StoredResponse, { request, directives }: CacheExchange): boolean {
    const reuse = decideReuse(responseFacts(stored), directives, this.#control.clock());
    return reuse === "fresh" && isSelected(stored.selectedBy, request.headers);
  }

  #stopRecording(): void {
    this.#dropRecord();
    this.#shared.isKept = false;
    this.#control.avoidSharing(this.exchange.key);
    this.#land();
    this.#answerWaiters(null);
  }

  /** @param stored null when there is nothing for them */
  #answerWaiters(stored: StoredResponse | null): void {
    for (const waiter of [...this.#waiters]) {
      if (stored === null || !this.#isFor(stored, waiter.exchange)) {
        this.#release(waiter);
        continue;
      }
      this.#forget(waiter);
      const why: Forwarding = { reason: this.#departure.reason, collapsed: true };
      serveStored(waiter.exchange, stored, why, this.#control.clock());
    }
  }

  #dropRecord(): void {
    this.#recorder?.drop();
    this.#recorder = null;
  }

  #leave(): (() => void)[] {
    return [...this.#waiters].map((waiter) => {
      this.#forget(waiter);
      return waiter.release;
    });
  }

  #release(waiter: Waiter): void {
    this.#forget(waiter);
    waiter.release();
  }

  #forget(waiter: Waiter): void {
    clearTimeout(waiter.timer);
    this.#waiters.delete(waiter);
  }

  /** Nobody waits any more. What nobody waited for from the beginning goes on. */
  #abortIfUnwanted(): void {
    if (this.exchange.sink === null || this.#phase === "over") return;
    if (this.#shared.size > 0 || this.#waiters.size > 0) return;
    this.#phase = "over";
    this.#dropRecord();
    this.#land();
    for (const listener of this.#abortListeners) listener();
  }
}

const empty: Uint8Array = new Uint8Array();

/** The statuses that `stale-if-error` is about. @see https://www.rfc-editor.org/rfc/rfc5861#section-4 */
function isServerError(status: number): boolean {
  return status === 500 || status === 502 || status === 503 || status === 504;
}

function isUpstreamError(error: Error): boolean {
  return error instanceof GatewayError ? isServerError(error.status) : true;
}

function fieldLines(headers: HeaderFields, name: string): readonly string[] {
  const value = headers[name];
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}
