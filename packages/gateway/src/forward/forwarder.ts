import { randomBytes } from "node:crypto";
import type { Duplex, Readable } from "node:stream";
import { buildConnector, Pool } from "undici";
import type { RetryConfiguration, TimeoutConfiguration } from "../configuration/gateway-configuration.ts";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import { fieldValue } from "../exchange/header-fields.ts";
import { overridesMethod } from "../exchange/method-override.ts";
import type { Handler, ResponseSink } from "../exchange/response-sink.ts";
import { isRepeatable } from "../retry/decide-retry.ts";
import { RetryBudget } from "../retry/retry-budget.ts";
import { type ExchangeRules, ForwardedExchange } from "./forwarded-exchange.ts";
import { keepContent } from "./keep-content.ts";
import { LiveExchanges } from "./live-exchanges.ts";
import { SocketSink } from "./socket-sink.ts";
import { UpgradedExchange } from "./upgraded-exchange.ts";
import { tellingResets } from "./upstream-connector.ts";
import { createUpstreamFields } from "./upstream-fields.ts";
import { createUpstreamPath } from "./upstream-path.ts";

/** Where requests are forwarded to, and how. */
export interface ForwarderOptions {
  readonly upstream: URL;
  /** What of the path is replaced by the upstream's path; empty when that goes before the whole. */
  readonly prefix: string;
  readonly timeouts: TimeoutConfiguration;
  /** Null: nothing is sent again. */
  readonly retries: RetryConfiguration | null;
  /** Fields to set; names in lower case. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** How connections are opened; default undici's own way, to any address. */
  readonly connect?: buildConnector.connector;
  /** The gateway's name in `Via`, by which it knows a request that it has seen; default one of this process. */
  readonly pseudonym?: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** Is told each time that no connection could be made. */
  readonly onUnreachable?: (error: GatewayError) => void;
}

/** Sends requests to an upstream. */
export interface Forwarder {
  readonly handle: Handler;
  /** Connects a client which asks for another protocol with the upstream. */
  readonly upgrade: (request: GatewayRequest, socket: Duplex, head: Buffer) => void;
  /**
   * Takes no more requests; resolves when those under way are answered. Upgraded connections go on until they end.
   *
   * @param deadline seconds after which answers are cut off; without end if nothing is said
   */
  close(deadline?: number): Promise<void>;
}

/** One for the process, so that a loop through several routes is one. */
const processPseudonym = `corsac-${randomBytes(6).toString("hex")}`;

/**
 * How long a connection may have been unused to take a request that cannot be sent again, in milliseconds. Servers
 * close idle connections after two seconds or more; the shorter the time, the rarer a request meets the closing.
 */
const freshTime = 1000;

/** Protocols that would carry requests past the gateway. @see https://www.rfc-editor.org/rfc/rfc9113#section-3.1 */
const refusedProtocols = /^(?:h2c|http\/|tls\/)/i;

/** Makes a forwarder for one upstream. It keeps connections open between requests. */
export function createForwarder(options: ForwarderOptions): Forwarder {
  return new PooledForwarder(options);
}

class PooledForwarder implements Forwarder {
  readonly #rules: ExchangeRules;
  readonly #pool: Pool;
  readonly #freshPool: Pool;
  /** Takes a new connection for each request, which cannot have been closed meanwhile. */
  readonly #singlePool: Pool;
  readonly #path: (target: string) => string;
  readonly #fields: (request: GatewayRequest) => string[];

  constructor(options: ForwarderOptions) {
    const { upstream, timeouts, pseudonym = processPseudonym, retries, clock = Date.now } = options;
    const { onUnreachable = () => {} } = options;
    const [budget, live] = [new RetryBudget(), new LiveExchanges()];
    this.#rules = { pseudonym, retries, clock, onUnreachable, budget, live };
    this.#path = createUpstreamPath(upstream, options.prefix);
    this.#fields = createUpstreamFields({ ...options, pseudonym });
    const connect = tellingResets(options.connect ?? buildConnector({ timeout: timeouts.connect * 1000 }));
    const pool = {
      connect,
      headersTimeout: Math.ceil(timeouts.response * 1000),
      bodyTimeout: Math.ceil(timeouts.idle * 1000),
    };
    this.#pool = new Pool(upstream.origin, pool);
    this.#freshPool = new Pool(upstream.origin, {
      ...pool,
      keepAliveTimeout: freshTime,
      keepAliveMaxTimeout: freshTime,
    });
    this.#singlePool = new Pool(upstream.origin, { ...pool, pipelining: 0 });
  }

  readonly handle: Handler = (request, sink) => {
    const refusal = this.#refusal(request);
    if (refusal !== null) {
      sink.fail(refusal);
      return;
    }
    if (request.method === "OPTIONS" && isForGateway(request)) {
      sink.start({ status: 200, statusText: "OK", headers: { "content-length": "0" } });
      sink.end(null);
      return;
    }
    const { retries, budget } = this.#rules;
    const hasIdempotencyKey = "idempotency-key" in request.headers;
    if (overridesMethod(request.headers)) {
      this.#send(this.#freshPool, request, request.body, sink, false, { ...this.#rules, retries: null });
      return;
    }
    if (retries === null || !isRepeatable(request.method, hasIdempotencyKey, retries)) {
      this.#send(this.#freshPool, request, request.body, sink, hasIdempotencyKey);
      return;
    }
    budget.earn();
    const { body } = request;
    if (body === null || !isAtMost(request.headers["content-length"], retries.maxBodyBytes)) {
      this.#send(body === null ? this.#pool : this.#freshPool, request, body, sink, hasIdempotencyKey);
      return;
    }
    this.#rules.live.begin();
    keepContent(body, (error, content) => {
      if (error === null) this.#send(this.#pool, request, content, sink, hasIdempotencyKey);
      else sink.fail(error);
      this.#rules.live.end();
    });
  };

  readonly upgrade = (request: GatewayRequest, client: Duplex, head: Buffer): void => {
    const sink = new SocketSink(client);
    const protocol = protocolOf(request);
    const refusal = refusedProtocols.test(protocol)
      ? new GatewayError("upgrade-refused", "The gateway does not change to this protocol.")
      : this.#refusal(request);
    if (refusal !== null) {
      sink.fail(refusal);
      return;
    }
    const exchange = new UpgradedExchange(
      { client, head },
      { first: this.#singlePool, second: this.#singlePool },
      {
        method: request.method,
        path: this.#path(request.target),
        headers: withoutContent(this.#fields(request)),
        body: null,
        upgrade: protocol,
      },
      sink,
      this.#rules,
      false,
    );
    sink.onAbort(() => exchange.abort());
    exchange.send();
  };

  async close(deadline?: number): Promise<void> {
    await this.#rules.live.none(deadline);
    await Promise.all([this.#pool, this.#freshPool, this.#singlePool].map((pool) => pool.destroy()));
  }

  #send(
    pool: Pool,
    request: GatewayRequest,
    body: Readable | Buffer | null,
    sink: ResponseSink,
    hasIdempotencyKey: boolean,
    rules: ExchangeRules = this.#rules,
  ): void {
    const exchange = new ForwardedExchange(
      { first: pool, second: this.#singlePool },
      { method: request.method, path: this.#path(request.target), headers: this.#fields(request), body },
      sink,
      rules,
      hasIdempotencyKey,
      request.notes ?? null,
    );
    sink.onAbort(() => exchange.abort());
    exchange.send();
  }

  #refusal({ method, headers }: GatewayRequest): GatewayError | null {
    // TRACE would show the client the fields that the gateway adds, keys among them; CONNECT is for proxies of clients.
    if (method === "TRACE" || method === "CONNECT") {
      return new GatewayError("method-not-implemented", `The gateway does not forward ${method}.`);
    }
    if (headers.via !== undefined && fieldValue(headers, "via")?.includes(this.#rules.pseudonym)) {
      return new GatewayError("loop-detected", "The request came through this gateway before.");
    }
    return null;
  }
}

/**
 * Whether an OPTIONS request asks about the gateway: about the server as a whole, or about the last one that it may
 * reach. Leaves one hop less to go otherwise.
 *
 * @see https://httpwg.org/specs/rfc9110.html#field.max-forwards
 */
function isForGateway({ target, headers }: GatewayRequest): boolean {
  if (target === "*") return true;
  const hops = headers["max-forwards"];
  if (typeof hops !== "string" || !/^\d+$/.test(hops)) return false;
  if (Number(hops) === 0) return true;
  headers["max-forwards"] = String(Number(hops) - 1);
  return false;
}

/** Content of a length that nobody knows may be one that waits for the answer to go on, so it is not kept. */
function isAtMost(length: string | string[] | undefined, limit: number): boolean {
  return typeof length === "string" && Number(length) <= limit;
}

function protocolOf({ headers }: GatewayRequest): string {
  return fieldValue(headers, "upgrade") ?? "websocket";
}

/** A request for an upgrade has no content here: what follows it belongs to the new protocol. */
function withoutContent(fields: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < fields.length; at += 2) {
    if (fields[at] !== "content-length") kept.push(fields[at] as string, fields[at + 1] as string);
  }
  return kept;
}
