import { isSafeMethod } from "@corsac/protocol";
import { LRUCache } from "lru-cache";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";
import { overridesMethod } from "../exchange/method-override.ts";
import type { Handler, ResponseHead, ResponseSink } from "../exchange/response-sink.ts";
import { keepContent } from "../forward/keep-content.ts";
import { type CacheDirectives, cacheDirectivesOf } from "./cache-directives.ts";
import type { CacheExchange, Found } from "./cache-exchange.ts";
import { queryKey, targetKey } from "./cache-key.ts";
import type { CacheStore, Lease, StoredResponse } from "./cache-store.ts";
import { isConditional, isForOrigin, withoutConditions } from "./conditional-request.ts";
import { type Departure, Flight, type FlightControl } from "./flight.ts";
import { InvalidatingSink } from "./invalidating-sink.ts";
import { isInvalidating, relatedTargets } from "./invalidation.ts";
import { NotedSink } from "./noted-sink.ts";
import { responseFacts } from "./response-facts.ts";
import { RecordingBudget } from "./response-recorder.ts";
import { decideReuse, type Reuse } from "./reuse.ts";
import { serveStored } from "./serve-stored.ts";
import { StoreAccess } from "./store-access.ts";
import { validationHeaders } from "./validation.ts";
import { isSelected } from "./vary.ts";

/** How a route caches. */
export interface CacheStageOptions {
  readonly store: CacheStore;
  /** The time in milliseconds since 1970. */
  readonly clock: () => number;
  /** Tells the keys of this route's upstream from those of others on the same store. */
  readonly scope: string;
  /** Where the upstream is; its path stands for `prefix`. */
  readonly upstream: URL;
  /** The part of the gateway's paths which the upstream's path replaces; empty when that goes before the whole. */
  readonly prefix: string;
  /** The longest response content that is kept, in bytes. */
  readonly maxEntryBytes: number;
  /** How long a request waits for the same one under way before it goes out itself, in seconds. */
  readonly maxWait: number;
  /** Whether the upstream sees the client's `Origin`, so that its answer can depend on it. */
  readonly forwardOrigin: boolean;
  /** Whether the gateway's policy writes the CORS fields; those of the upstream are then not stored. */
  readonly ownsCors: boolean;
  /** Is told of each failure of the store, which then counts as empty. */
  readonly onStoreError: (error: unknown) => void;
}

/** Of so many responses of the greatest length the content is kept while they are under way. */
const maxRecordings = 16;
/** The longest content of a QUERY that becomes part of a key, in bytes. */
const maxQueryBytes = 65_536;
/** For how long requests do not wait for each other after it turned out that they wait in vain, in milliseconds. */
const avoidanceTime = 10_000;
/** How long a response that can be validated is kept at least once it is stale, in seconds. */
const validationTime = 86_400;

/**
 * Makes a handler that answers from a shared cache where it may, and forwards by `handler` otherwise. What it did is in
 * `Cache-Status`.
 *
 * @see https://httpwg.org/specs/rfc9111.html
 * @see https://www.rfc-editor.org/rfc/rfc9211
 */
export function withCache(handler: Handler, options: CacheStageOptions): Handler {
  return new CacheStage(handler, options).handle;
}

class CacheStage implements FlightControl {
  readonly handler: Handler;
  readonly clock: () => number;
  readonly maxEntryBytes: number;
  readonly budget: RecordingBudget;
  readonly #options: CacheStageOptions;
  readonly #store: StoreAccess;
  /** Those that others may join. */
  readonly #flights = new Map<string, Flight>();
  readonly #leases = new Map<Flight, Lease>();
  readonly #avoided = new LRUCache<string, number>({ max: 4096 });

  constructor(handler: Handler, options: CacheStageOptions) {
    this.handler = handler;
    this.clock = options.clock;
    this.maxEntryBytes = options.maxEntryBytes;
    this.budget = new RecordingBudget(options.maxEntryBytes * maxRecordings);
    this.#options = options;
    this.#store = new StoreAccess(options.store, options.onStoreError);
  }

  readonly handle: Handler = (request, sink) => {
    const { method, headers } = request;
    // Nobody knows what an unknown method does, or one that another stands in for.
    if (!isSafeMethod(method) || overridesMethod(headers)) {
      this.handler(request, new InvalidatingSink(sink, (head) => this.#invalidateBy(request, head)));
      return;
    }
    if (method !== "GET" && method !== "HEAD" && method !== "QUERY") {
      this.handler(request, new NotedSink(sink, "method"));
      return;
    }
    const directives = "cache-control" in headers ? cacheDirectivesOf(headers) : null;
    if (directives?.has("no-store") === true || isForOrigin(headers)) {
      this.#bypass(request, sink, directives);
      return;
    }
    const { forwardOrigin, ownsCors, scope } = this.#options;
    const key = targetKey(scope, request, request.target);
    const exchange = { request, sink, key, directives, content: null, waitUntil: null, forwardOrigin, ownsCors };
    if (method === "QUERY") this.#query(exchange, sink);
    else if (request.body === null) this.#lookUp(exchange);
    else this.#bypass(request, sink, directives);
  };

  store(exchange: CacheExchange, response: StoredResponse, generation: number): void | Promise<void> {
    const { freshUntil, staleIfErrorUntil, staleWhileRevalidateUntil } = responseFacts(response);
    const usefulUntil = Math.max(freshUntil, staleIfErrorUntil, staleWhileRevalidateUntil, this.clock());
    const isValidatable = "etag" in response.headers || "last-modified" in response.headers;
    const lifetime = (usefulUntil - this.clock()) / 1000 + (isValidatable ? validationTime : 0);
    return this.#store.put(exchange.key, response, Math.ceil(lifetime), generation);
  }

  invalidate(key: string): void | Promise<void> {
    // Those under way asked before the change, and may tell of the time before it.
    this.#flights.delete(key);
    return this.#store.invalidate(key);
  }

  avoidSharing(key: string): void {
    this.#avoided.set(key, this.clock() + avoidanceTime);
  }

  landed(flight: Flight, stored: void | Promise<void>): void {
    const { key } = flight.exchange;
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    const lease = this.#leases.get(flight);
    if (lease === undefined) return;
    this.#leases.delete(flight);
    // Others look for it as soon as they may go on.
    if (stored === undefined) lease.release();
    else void stored.then(() => lease.release());
  }

  #query(exchange: CacheExchange, sink: ResponseSink): void {
    const { request } = exchange;
    const withContent = (content: Buffer) => {
      const withKey = (generation: number | null) => {
        const key = queryKey(exchange.key, generation ?? 0, request, content);
        this.#lookUp({ ...exchange, key, content });
      };
      const generation = this.#store.generation(exchange.key);
      if (generation instanceof Promise) void generation.then(withKey);
      else withKey(generation);
    };
    if (request.body === null) withContent(Buffer.alloc(0));
    else if (Number(request.headers["content-length"] ?? Number.NaN) <= maxQueryBytes) {
      keepContent(request.body, (error, content) => {
        if (error === null) withContent(content);
        else sink.fail(error);
      });
    } else this.#bypass(request, sink, exchange.directives);
  }

  /** Forwards what is not to be answered from the store. */
  #bypass(request: GatewayRequest, sink: ResponseSink, directives: CacheDirectives | null): void {
    if (directives?.has("only-if-cached") === true) sink.fail(notStored());
    else this.handler(request, new NotedSink(sink, "request"));
  }

  #lookUp(exchange: CacheExchange): void {
    const variants = this.#store.get(exchange.key);
    if (variants instanceof Promise) void variants.then((found) => this.#decide(exchange, found, true));
    else this.#decide(exchange, variants, true);
  }

  /** @param mayLease false once another gateway was waited for in vain */
  #decide(exchange: CacheExchange, variants: readonly StoredResponse[], mayLease: boolean): void {
    const { request, directives } = exchange;
    const selected = variants.find(({ selectedBy }) => isSelected(selectedBy, request.headers)) ?? null;
    if (selected === null) {
      const reason = variants.length === 0 ? "uri-miss" : "vary-miss";
      this.#forward(exchange, { reason, detail: null, found: { selected, variants } }, mayLease);
      return;
    }
    const now = this.clock();
    const reuse = decideReuse(responseFacts(selected), directives, now);
    if (reuse === "fresh" || reuse === "max-stale" || reuse === "stale-while-revalidate") {
      serveStored(exchange, selected, reuse, now);
      if (reuse === "stale-while-revalidate") this.#refresh(exchange, { selected, variants });
      return;
    }
    const reason = isAskedFor(reuse) ? "request" : "stale";
    this.#forward(exchange, { reason, detail: reuse, found: { selected, variants } }, mayLease);
  }

  #forward(exchange: CacheExchange, why: Omit<Departure, "validates">, mayLease: boolean): void {
    const { request, sink, key, directives } = exchange;
    const { headers } = request;
    if (directives?.has("only-if-cached") === true) {
      sink?.fail(notStored());
      return;
    }
    const { selected, variants } = why.found;
    // What a client wants to know of something that is not stored, the upstream has to say.
    const isOrdinary = !("range" in headers) && !isConditional(headers);
    const validation = selected === null && !isOrdinary ? null : validationHeaders(headers, selected, variants);
    const isCommon = request.method !== "HEAD" && (isOrdinary || validation !== null) && !this.#avoidsSharing(key);
    if (isCommon && sink !== null && why.reason !== "request" && this.#join(exchange, sink)) return;
    const flight = new Flight(this, exchange, { ...why, validates: validation !== null });
    // One whose response is known to be for others is nothing to wait for any more.
    if (isCommon && this.#flights.get(key)?.mayAnswer(exchange) !== true) this.#flights.set(key, flight);
    this.#depart(flight, validation ?? headers, mayLease);
  }

  /** Has a request wait for the same one under way; returns false when there is none, or it has waited enough. */
  #join(exchange: CacheExchange, sink: ResponseSink): boolean {
    const flight = this.#flights.get(exchange.key);
    if (flight?.mayAnswer(exchange) !== true) return false;
    const now = this.clock();
    exchange.waitUntil ??= now + this.#options.maxWait * 1000;
    if (now >= exchange.waitUntil) return false;
    flight.join(exchange, sink, (exchange.waitUntil - now) / 1000, () => this.#lookUp(exchange));
    return true;
  }

  /** Validates in the background what was served stale. */
  #refresh(exchange: CacheExchange, found: Found): void {
    if (this.#flights.has(exchange.key)) return;
    const headers = validationHeaders(exchange.request.headers, found.selected, found.variants);
    const departure: Departure = { reason: "stale", detail: null, found, validates: headers !== null };
    const flight = new Flight(this, { ...exchange, sink: null }, departure);
    this.#flights.set(exchange.key, flight);
    this.#depart(flight, headers ?? withoutConditions(exchange.request.headers), true);
  }

  #depart(flight: Flight, headers: HeaderFields, mayLease: boolean): void {
    const { key } = flight.exchange;
    const generation = this.#store.generation(key);
    const isLeading = mayLease && this.#store.hasLeases && this.#flights.get(key) === flight;
    if (!isLeading && !(generation instanceof Promise)) flight.send(headers, generation);
    else void this.#departLater(flight, headers, generation, isLeading);
  }

  async #departLater(
    flight: Flight,
    headers: HeaderFields,
    generation: number | null | Promise<number | null>,
    isLeading: boolean,
  ): Promise<void> {
    const { exchange } = flight;
    const lease = isLeading ? await this.#store.lease(exchange.key, this.#options.maxWait) : undefined;
    if (lease === null) {
      await this.#store.wait(exchange.key, this.#options.maxWait);
      const variants = await this.#store.get(exchange.key);
      if (flight.isOver) return;
      const releases = flight.dissolve();
      if (exchange.sink !== null) this.#decide(exchange, variants, false);
      for (const release of releases) release();
      return;
    }
    const known = await generation;
    if (flight.isOver) {
      lease?.release();
      return;
    }
    if (lease !== undefined) this.#leases.set(flight, lease);
    flight.send(headers, known);
  }

  #avoidsSharing(key: string): boolean {
    const until = this.#avoided.get(key);
    return until !== undefined && this.clock() < until;
  }

  #invalidateBy(request: GatewayRequest, head: ResponseHead | null): void | Promise<void> {
    if (head !== null && !isInvalidating(head.status)) return;
    const related = head === null ? [] : relatedTargets(request, head.headers, this.#options);
    const pending: Promise<void>[] = [];
    for (const target of [request.target, ...related]) {
      const invalidation = this.invalidate(targetKey(this.#options.scope, request, target));
      if (invalidation !== undefined) pending.push(invalidation);
    }
    if (pending.length > 0) return Promise.all(pending).then(() => undefined);
  }
}

function isAskedFor(reuse: Reuse): boolean {
  return reuse === "request-no-cache" || reuse === "request-max-age" || reuse === "request-min-fresh";
}

function notStored(): GatewayError {
  return new GatewayError("not-stored", "Nothing is stored that answers the request without asking the upstream.");
}
