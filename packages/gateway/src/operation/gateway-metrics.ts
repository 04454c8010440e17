import { methodRegistry } from "@corsac/protocol";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { Handler } from "../exchange/response-sink.ts";
import { pathOf } from "../routing/normalize-target.ts";
import { cacheResult } from "./cache-result.ts";
import type { ExchangeObserver, ObservedExchange } from "./observe-stage.ts";

/** Seconds: cached answers take less than the first, slow upstreams more than the last. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Counters of one gateway, in the text format of Prometheus. */
export class GatewayMetrics implements ExchangeObserver {
  readonly contentBytes = 0;
  /** Its own, so that several gateways of a process do not add up. */
  readonly registry: Registry = new Registry();
  readonly #requests: Counter;
  readonly #durations: Histogram;
  readonly #inFlight: Gauge;
  readonly #cacheResults: Counter;
  readonly #retries: Counter;
  readonly #refusals: Counter;
  readonly #upstreamErrors: Counter;
  readonly #decisions: Counter;

  constructor() {
    const registers = [this.registry];
    this.#requests = new Counter({
      registers,
      name: "corsac_gateway_requests_total",
      help: "Requests by route, method and class of status; aborted when the client left before one",
      labelNames: ["route", "method", "status"],
    });
    this.#durations = new Histogram({
      registers,
      name: "corsac_gateway_request_duration_seconds",
      help: "From a request's header fields to the end of its response",
      labelNames: ["route"],
      buckets,
    });
    this.#inFlight = new Gauge({
      registers,
      name: "corsac_gateway_requests_in_flight",
      help: "Requests that are not answered completely",
    });
    this.#cacheResults = new Counter({
      registers,
      name: "corsac_gateway_cache_results_total",
      help: "What the cache did: hit, hit-stale, collapsed, or why it forwarded",
      labelNames: ["route", "result"],
    });
    this.#retries = new Counter({
      registers,
      name: "corsac_gateway_retries_total",
      help: "Requests that were sent to the upstream a second time",
      labelNames: ["route"],
    });
    this.#refusals = new Counter({
      registers,
      name: "corsac_gateway_refusals_total",
      help: "Requests that the gateway answered itself, by the code of the problem",
      labelNames: ["code"],
    });
    this.#upstreamErrors = new Counter({
      registers,
      name: "corsac_gateway_upstream_errors_total",
      help: "Requests that failed at the upstream, by the code of the problem",
      labelNames: ["route", "code"],
    });
    this.#decisions = new Counter({
      registers,
      name: "corsac_gateway_policy_decisions_total",
      help: "What the route's policy decided, by reason",
      labelNames: ["route", "reason"],
    });
  }

  began(): void {
    this.#inFlight.inc();
  }

  ended(exchange: ObservedExchange): void {
    const { notes, status } = exchange;
    const route = notes.route ?? "";
    this.#inFlight.dec();
    this.#requests.inc({ route, method: knownMethod(exchange.request.method), status: statusClass(status) });
    // A connection that has changed its protocol lasts as long as people look at a page.
    if (status !== 101) this.#durations.observe({ route }, exchange.duration / 1000);
    const result = cacheResult(exchange.responseHeaders);
    if (result !== null) this.#cacheResults.inc({ route, result });
    if ((notes.attempts ?? 0) > 1) this.#retries.inc({ route });
    if (notes.decision !== undefined) this.#decisions.inc({ route, reason: notes.decision });
    if (notes.error === undefined) return;
    if (notes.error.startsWith("upstream-")) this.#upstreamErrors.inc({ route, code: notes.error });
    else this.#refusals.inc({ code: notes.error });
  }
}

/**
 * Makes a handler that answers at one path with metrics, and is the given one elsewhere. The answer has no CORS headers:
 * it is for Prometheus, not for pages.
 *
 * @param render gives the metrics in the text format
 * @param refuseHost the check of hosts, which a page cannot pass whose name leads to the gateway's address
 */
export function withMetrics(
  handler: Handler,
  path: string,
  render: () => Promise<string>,
  refuseHost: (request: GatewayRequest) => GatewayError | null,
): Handler {
  return (request, sink) => {
    if (pathOf(request.target) !== path) return handler(request, sink);
    const { method } = request;
    if (request.notes !== undefined) request.notes.route = path;
    const refusal = refuseHost(request);
    if (refusal !== null) return sink.fail(refusal);
    if (method !== "GET" && method !== "HEAD") {
      const allow = ["GET", "HEAD"];
      return sink.fail(new GatewayError("method-not-allowed", "Metrics are read and nothing else.", { allow }));
    }
    render().then(
      (text) => {
        const body = Buffer.from(text);
        const headers = {
          "content-type": "text/plain; version=0.0.4; charset=utf-8",
          "content-length": String(body.byteLength),
          "cache-control": "no-store",
        };
        sink.start({ status: 200, statusText: "OK", headers });
        if (method === "GET") sink.write(body);
        sink.end(null);
      },
      (error: Error) => sink.fail(error),
    );
  };
}

/** A client may invent methods without end, but not names of counters. */
function knownMethod(method: string): string {
  return methodRegistry.has(method) ? method : "other";
}

function statusClass(status: number | null): string {
  return status === null ? "aborted" : `${Math.floor(status / 100)}xx`;
}
