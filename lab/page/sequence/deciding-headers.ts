import type { HeaderLine } from "../../situation/situation.ts";

/** Headers that decide something between origins, and what about. */
const requestReasons: ReadonlyMap<string, string> = new Map([
  ["origin", "who asks"],
  ["access-control-request-method", "what is to follow"],
  ["access-control-request-headers", "the headers that a script has set"],
  ["cookie", "the session goes along"],
  ["authorization", "set by the script"],
  ["content-type", "the type of the body"],
  ["idempotency-key", "the name of this order: repeating it is safe"],
  ["sec-fetch-site", "how page and server stand to each other"],
]);

const responseReasons: ReadonlyMap<string, string> = new Map([
  ["access-control-allow-origin", "who may read"],
  ["access-control-allow-credentials", "whether with cookies"],
  ["access-control-allow-methods", "methods that may follow"],
  ["access-control-allow-headers", "headers that may follow"],
  ["access-control-max-age", "seconds to remember that"],
  ["access-control-expose-headers", "headers that the script may read"],
  ["vary", "what caches have to look at"],
  ["location", "where it has moved to"],
  ["set-cookie", "what the browser is to store"],
  ["www-authenticate", "how to log in"],
  ["cache-control", "how long it is fresh"],
  ["age", "seconds that it lay in a cache"],
  ["idempotency-replayed", "the answer of the first time"],
]);

/** A header that decided something. */
export interface DecidingHeader {
  readonly name: string;
  readonly value: string;
  readonly reason: string;
}

/** The deciding headers of a request or a response, in the order of the wire. */
export function decidingHeaders(headers: readonly HeaderLine[], side: "request" | "response"): DecidingHeader[] {
  const reasons = side === "request" ? requestReasons : responseReasons;
  return headers.flatMap(([name, value]) => {
    const reason = reasons.get(name.toLowerCase());
    const isBeside = name.toLowerCase() === "cache-control" && !value.includes("max-age");
    return reason === undefined || isBeside ? [] : [{ name: canonical(name), value, reason }];
  });
}

/** A header name as one knows it, however it was on the wire. */
export function canonical(name: string): string {
  return name.toLowerCase() === "etag" ? "ETag" : name.replaceAll(/(^|-)([a-z])/g, (part) => part.toUpperCase());
}
