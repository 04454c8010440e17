import type { IncomingHttpHeaders } from "node:http";
import { connectionFields } from "../exchange/connection-fields.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";

/**
 * Fields of one connection, and a name that no record can safely have.
 *
 * @see https://httpwg.org/specs/rfc9110.html#field.connection
 */
const dropped: ReadonlySet<string> = new Set([...connectionFields, "__proto__", "te"]);

/**
 * Copies what of a response's fields is for the client: all but those of the connection to the upstream and those that
 * its `Connection` names.
 *
 * @see https://httpwg.org/specs/rfc9110.html#field.connection
 */
export function endToEndFields(headers: IncomingHttpHeaders): HeaderFields {
  const fields: HeaderFields = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !dropped.has(name)) fields[name] = value;
  }
  const { connection } = headers;
  if (connection !== undefined && connection !== "keep-alive" && connection !== "close") {
    for (const name of String(connection).toLowerCase().split(",")) delete fields[name.trim()];
  }
  return fields;
}

/** The same for trailers; null when there are none. Doors leave out those that would have to come before the content. */
export function trailerFields(trailers: IncomingHttpHeaders): HeaderFields | null {
  for (const _ in trailers) return endToEndFields(trailers);
  return null;
}
