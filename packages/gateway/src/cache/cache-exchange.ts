import { Readable } from "node:stream";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";
import type { ResponseSink } from "../exchange/response-sink.ts";
import type { CacheDirectives } from "./cache-directives.ts";
import type { StoredResponse } from "./cache-store.ts";
import type { CorsHandling } from "./storability.ts";

/** A request that a cache may answer, and where its answer goes. */
export interface CacheExchange extends CorsHandling {
  readonly request: GatewayRequest;
  /** Null when nobody waits: a validation in the background. */
  readonly sink: ResponseSink | null;
  readonly key: string;
  /** Those of the request; null without `Cache-Control`. */
  readonly directives: CacheDirectives | null;
  /** That of a QUERY. */
  readonly content: Buffer | null;
  /** Until when it may wait for others, in milliseconds since 1970; null before it has waited. */
  waitUntil: number | null;
}

/** What was found for a request in the store. */
export interface Found {
  /** The one that the request selects. */
  readonly selected: StoredResponse | null;
  /** All under the key. */
  readonly variants: readonly StoredResponse[];
}

/** Returns the request of an exchange with other fields, its content to be read anew. */
export function requestWith({ request, content }: CacheExchange, headers: HeaderFields): GatewayRequest {
  const { method, scheme, authority, target, httpVersion, clientAddress, notes } = request;
  const body = content === null ? null : Readable.from([content], { objectMode: false });
  const copy: GatewayRequest = { method, scheme, authority, target, httpVersion, headers, body, clientAddress };
  if (notes !== undefined) copy.notes = notes;
  return copy;
}
