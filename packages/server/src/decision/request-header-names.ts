import { byteLowercase, isToken } from "@corsac/protocol";

/** What {@link GrantRequestHeaders} says when it does not grant. */
export interface RequestHeaderRefusal {
  readonly reason: "headers-malformed" | "headers-not-allowed";
  /** The first name that is not allowed, cut to {@link maxQuoted} characters; null when there is no such name. */
  readonly name: string | null;
}

/**
 * Judges the value of `Access-Control-Request-Headers` and returns the value of `Access-Control-Allow-Headers` which
 * grants it.
 */
export type GrantRequestHeaders = (requested: string) => string | RequestHeaderRefusal;

/** Characters of a request that a decision quotes at most. */
export const maxQuoted = 64;

/** Empty elements to put up with: intermediaries split and join lines in ways that leave some. */
const maxEmptyElements = 16;

/** What is granted when every name is: no browser asks for more, and more is not echoed. */
const maxEchoedElements = 64;
const maxEchoedLength = 2048;

const malformed: RequestHeaderRefusal = Object.freeze({ reason: "headers-malformed", name: null });

/**
 * Makes the judge of a policy's request headers.
 *
 * The time a judgement takes is bounded by the policy, not by the request: browsers ask for each name once, so the walk
 * ends after as many names as the policy has, at the first that it does not have, and after a few empty ones.
 *
 * @param names the policy's names in lower case; may contain `*`
 * @see https://fetch.spec.whatwg.org/#http-access-control-request-headers
 */
export function createGrantRequestHeaders(names: ReadonlySet<string>, credentials: boolean): GrantRequestHeaders {
  if (!names.has("*")) return (requested) => grantListed(names, longestOf(names), requested);
  if (credentials) return grantEcho;
  // `Authorization` is the one name that `*` does not stand for.
  const all = names.has("authorization") ? "*,authorization" : "*";
  return () => all;
}

function longestOf(names: ReadonlySet<string>): number {
  return Math.max(0, ...[...names].map((name) => name.length));
}

function grantListed(names: ReadonlySet<string>, longest: number, requested: string): string | RequestHeaderRefusal {
  // One name, which is what most preflights ask for. Long values are not even hashed.
  if (requested.length <= longest && names.has(requested)) return requested;
  return walk(
    requested,
    names.size,
    (name) => name.length <= longest && (names.has(name) || names.has(byteLowercase(name))),
  );
}

/** With credentials `*` has no meaning to browsers, so that the names themselves have to be sent. */
function grantEcho(requested: string): string | RequestHeaderRefusal {
  if (requested.length > maxEchoedLength) return malformed;
  return walk(requested, maxEchoedElements, isToken);
}

function walk(
  requested: string,
  maxNames: number,
  isAllowed: (name: string) => boolean,
): string | RequestHeaderRefusal {
  let names = 0;
  let emptyElements = 0;
  let isAsBrowsersSend = true;
  let start = 0;
  while (start <= requested.length) {
    const comma = requested.indexOf(",", start);
    const next = comma === -1 ? requested.length : comma;
    let end = next;
    // At most one space or tab on each side.
    if (start < end && isSpaceOrTab(requested.charCodeAt(start))) start += 1;
    if (start < end && isSpaceOrTab(requested.charCodeAt(end - 1))) end -= 1;
    if (start === end) {
      emptyElements += 1;
      if (emptyElements > maxEmptyElements) return malformed;
      isAsBrowsersSend = false;
    } else {
      names += 1;
      if (names > maxNames) return malformed;
      const name = requested.slice(start, end);
      if (!isAllowed(name)) return { reason: "headers-not-allowed", name: name.slice(0, maxQuoted) };
      if (end !== next) isAsBrowsersSend = false;
    }
    start = next + 1;
  }
  return isAsBrowsersSend ? requested : namesIn(requested);
}

/** The names alone, of a value that is known to be short. */
function namesIn(requested: string): string {
  const names = requested.split(",").map((element) => element.trim());
  return names.filter((name) => name !== "").join(",");
}

function isSpaceOrTab(character: number): boolean {
  return character === 0x20 || character === 0x09;
}
