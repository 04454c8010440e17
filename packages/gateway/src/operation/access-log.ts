import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { fieldValue } from "../exchange/header-fields.ts";
import { cacheResult } from "./cache-result.ts";
import type { ExchangeObserver, ObservedExchange } from "./observe-stage.ts";
import { redactTarget } from "./redact.ts";

/** A log that gets a line of JSON for each exchange. */
export interface AccessLog extends ExchangeObserver {
  /** Resolves when all lines are written. */
  close(): Promise<void>;
}

/**
 * Opens an access log. Lines are appended to a file, or written to standard output for `-`.
 *
 * @param onError is told once that the log cannot be written; exchanges go on without it
 */
export function openAccessLog(file: string, onError: (error: Error) => void): AccessLog {
  const isFile = file !== "-";
  const output: Writable = isFile ? createWriteStream(file, { flags: "a" }) : process.stdout;
  let hasFailed = false;
  const fail = (error: Error): void => {
    if (!hasFailed) onError(error);
    hasFailed = true;
  };
  output.on("error", fail);
  return {
    contentBytes: 0,
    ended(exchange) {
      if (!hasFailed) output.write(`${JSON.stringify(accessLogEntry(exchange))}\n`);
    },
    async close() {
      if (!isFile) {
        output.off("error", fail);
        return;
      }
      output.end();
      await finished(output).catch(fail);
    },
  };
}

/** What the log says of an exchange. No header field is there but those named, and no value of a secret parameter. */
export interface AccessLogEntry {
  /** When the request came, as ISO 8601. */
  readonly time: string;
  readonly id: string;
  readonly client: string | null;
  readonly method: string;
  readonly host: string;
  readonly target: string;
  readonly http: string;
  readonly origin: string | null;
  readonly userAgent: string | null;
  readonly route: string | null;
  /** Null when the client left before. */
  readonly status: number | null;
  readonly outcome: ObservedExchange["outcome"];
  /** Bytes of content sent. */
  readonly bytes: number;
  /** Milliseconds. */
  readonly duration: number;
  /** Milliseconds that the upstream took to begin its response; null when it was not asked. */
  readonly upstreamTime: number | null;
  /** How often the upstream was asked. */
  readonly attempts: number;
  readonly cache: string | null;
  readonly decision: string | null;
  readonly error: string | null;
}

/** Makes the log's line for an exchange, as data. */
export function accessLogEntry(exchange: ObservedExchange): AccessLogEntry {
  const { request, requestHeaders, notes } = exchange;
  return {
    time: new Date(exchange.startTime).toISOString(),
    id: exchange.id,
    client: request.clientAddress,
    method: request.method,
    host: request.authority,
    target: redactTarget(request.target),
    http: request.httpVersion,
    origin: fieldValue(requestHeaders, "origin"),
    userAgent: fieldValue(requestHeaders, "user-agent"),
    route: notes.route ?? null,
    status: exchange.status,
    outcome: exchange.outcome,
    bytes: exchange.size,
    duration: rounded(exchange.duration),
    upstreamTime: notes.upstreamTime === undefined ? null : rounded(notes.upstreamTime),
    attempts: notes.attempts ?? 0,
    cache: cacheResult(exchange.responseHeaders),
    decision: notes.decision ?? null,
    error: notes.error ?? null,
  };
}

/** To microseconds; a clock tells more digits than it knows. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
