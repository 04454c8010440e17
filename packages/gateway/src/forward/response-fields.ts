import type { IncomingHttpHeaders } from "node:http";
import type { HeaderFields } from "../exchange/header-fields.ts";

/** @see https://httpwg.org/specs/rfc9110.html#field.connection */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);

/** What must be known before the content, and so does not count after it. */
const notInTrailers: ReadonlySet<string> = new Set([
  ...hopByHop,
  "age",
  "authorization",
  "cache-control",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "expires",
  "host",
  "location",
  "retry-after",
  "set-cookie",
  "trailer",
  "vary",
]);

/**
 * Copies what of a response's fields is for the client: all but those of the connection to the upstream and those that
 * its `Connection` names.
 *
 * @see https://httpwg.org/specs/rfc9110.html#field.connection
 */
export function endToEndFields(headers: IncomingHttpHeaders): HeaderFields {
  return copyWithout(headers, hopByHop);
}

/**
 * Copies what may be in trailers; null when there is nothing.
 *
 * @see https://httpwg.org/specs/rfc9110.html#trailer.limitations
 */
export function trailerFields(trailers: IncomingHttpHeaders): HeaderFields | null {
  let any = false;
  for (const _ in trailers) any = true;
  return any ? copyWithout(trailers, notInTrailers) : null;
}

function copyWithout(headers: IncomingHttpHeaders, names: ReadonlySet<string>): HeaderFields {
  const fields: HeaderFields = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !names.has(name)) fields[name] = value;
  }
  const { connection } = headers;
  if (connection !== undefined && connection !== "keep-alive" && connection !== "close") {
    for (const name of String(connection).toLowerCase().split(",")) delete fields[name.trim()];
  }
  return fields;
}
