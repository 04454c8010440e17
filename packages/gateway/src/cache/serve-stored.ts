import { isNullBodyStatus } from "@corsac/protocol";
import { copyFields, type HeaderFields } from "../exchange/header-fields.ts";
import type { ResponseSink } from "../exchange/response-sink.ts";
import type { CacheExchange } from "./cache-exchange.ts";
import { addForwarding, addHit, type Forwarding } from "./cache-status.ts";
import type { StoredResponse } from "./cache-store.ts";
import { isConditional, isNotModified, notModifiedHeaders } from "./conditional-request.ts";
import { responseFacts } from "./response-facts.ts";
import type { Reuse } from "./reuse.ts";
import { storedRange } from "./stored-range.ts";

/**
 * Answers from a stored response: with 304 if that is what the client has, with a part if it asks for one, else with
 * the whole.
 *
 * @param why how it may be reused, or what the upstream had to do with it
 * @param now milliseconds since 1970
 * @see https://httpwg.org/specs/rfc9111.html#constructing.responses.from.caches
 */
export function serveStored(
  { request, sink }: CacheExchange,
  stored: StoredResponse,
  why: Reuse | Forwarding,
  now: number,
): void {
  if (sink === null) return;
  const { headers: asked, method } = request;
  if (isConditional(asked) && isNotModified(asked, stored, now)) {
    sink.start({
      status: 304,
      statusText: "Not Modified",
      headers: servedHeaders(notModifiedHeaders(stored.headers), stored, why, now),
    });
    sink.end(null);
    return;
  }
  const headers = wholeHeaders(stored, why, now);
  if ("range" in asked && method === "GET" && servePart(sink, asked, headers, stored)) return;
  const { status, statusText, body } = stored;
  sink.start({ status, statusText, headers });
  if (method !== "HEAD" && body.byteLength > 0) sink.write(body);
  sink.end(stored.trailers);
}

/** Returns the fields with what the cache says about them. Changes them. */
export function servedHeaders(
  headers: HeaderFields,
  stored: StoredResponse,
  why: Reuse | Forwarding,
  now: number,
): HeaderFields {
  const { bornAt, freshUntil } = responseFacts(stored);
  headers.age = String(Math.max(0, Math.floor((now - bornAt) / 1000)));
  if (typeof why === "string") addHit(headers, Math.floor((freshUntil - now) / 1000), why);
  else addForwarding(headers, why);
  return headers;
}

/** The fields of the whole response, for the client to have. */
function wholeHeaders(stored: StoredResponse, why: Reuse | Forwarding, now: number): HeaderFields {
  if (why !== "fresh") return servedHeaders(withLength(stored), stored, why, now);
  const second = Math.floor(now / 1000);
  const before = servedInSecond.get(stored);
  if (before?.second === second) return copyFields(before.headers);
  // Nothing in them changes faster than once a second.
  const headers = servedHeaders(withLength(stored), stored, why, now);
  servedInSecond.set(stored, { second, headers });
  return copyFields(headers);
}

const servedInSecond = new WeakMap<StoredResponse, { readonly second: number; readonly headers: HeaderFields }>();

function withLength({ headers, status, trailers, body }: StoredResponse): HeaderFields {
  const fields = copyFields(headers);
  if (!isNullBodyStatus(status) && trailers === null) fields["content-length"] = String(body.byteLength);
  return fields;
}

function servePart(sink: ResponseSink, asked: HeaderFields, headers: HeaderFields, stored: StoredResponse): boolean {
  const range = storedRange(asked, stored);
  if (range === null) return false;
  const length = stored.body.byteLength;
  if (range === "unsatisfiable") {
    headers["content-range"] = `bytes */${length}`;
    headers["content-length"] = "0";
    sink.start({ status: 416, statusText: "Range Not Satisfiable", headers });
    sink.end(null);
    return true;
  }
  headers["content-range"] = `bytes ${range.start}-${range.end - 1}/${length}`;
  headers["content-length"] = String(range.end - range.start);
  sink.start({ status: 206, statusText: "Partial Content", headers });
  sink.write(stored.body.subarray(range.start, range.end));
  sink.end(stored.trailers);
  return true;
}
