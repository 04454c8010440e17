import { byteLowercase, isToken } from "@corsac/protocol";

/**
 * Judges the value of `Access-Control-Request-Headers`: returns the value of `Access-Control-Allow-Headers` which grants
 * it, or null.
 */
export type GrantRequestHeaders = (requested: string) => string | null;

/** Empty elements to put up with: intermediaries split and join lines in ways that leave some. */
const maxEmptyElements = 16;

/** What is granted when every name is: no browser asks for more, and more is not echoed. */
const maxEchoedNames = 64;
const maxEchoedLength = 2048;

/** Values whose grants are kept: browsers send the same ones again and again. */
const maxKept = 256;

/**
 * Makes the judge of a policy's request headers.
 *
 * The time that a judgement takes is bounded by the policy, not by the request: browsers ask for each name once, so the
 * walk ends after as many names as the policy has, at the first that it does not have, and after a few empty ones.
 *
 * @param names the policy's names in lower case; may contain `*`
 * @see https://fetch.spec.whatwg.org/#http-access-control-request-headers
 */
export function createGrantRequestHeaders(names: ReadonlySet<string>, credentials: boolean): GrantRequestHeaders {
  if (!names.has("*")) return createGrantListed(names);
  if (credentials) return grantEcho;
  // `Authorization` is the one name that `*` does not stand for. Browsers let it pass all the same.
  return names.has("authorization")
    ? () => "*,authorization"
    : (requested) => (asksForAuthorization(requested) ? null : "*");
}

/** Reports whether the name is in a list as browsers send it, in lower case; quick in a list of any length. */
function asksForAuthorization(requested: string): boolean {
  return requested.includes("authorization") && /(?:^|[, \t])authorization(?:[, \t]|$)/.test(requested);
}

function createGrantListed(names: ReadonlySet<string>): GrantRequestHeaders {
  const lengths = [...names].map((name) => name.length);
  const longest = Math.max(0, ...lengths);
  /** Each name with a comma and a space on both sides, and the empty elements likewise. */
  const longestList = lengths.reduce((sum, length) => sum + length + 3, 0) + maxEmptyElements * 3;
  const isAllowed = (name: string) => name.length <= longest && (names.has(name) || names.has(byteLowercase(name)));
  const kept = new Map<string, string>();
  return (requested) => {
    // What is longer cannot be granted and is not even hashed.
    if (requested.length > longestList) return null;
    const known = kept.get(requested);
    if (known !== undefined) return known;
    const granted = walk(requested, names.size, isAllowed);
    if (granted !== null && kept.size < maxKept) kept.set(requested, granted);
    return granted;
  };
}

/** With credentials `*` has no meaning to browsers, so that the names themselves have to be sent. */
function grantEcho(requested: string): string | null {
  return requested.length > maxEchoedLength ? null : walk(requested, maxEchoedNames, isToken);
}

function walk(requested: string, maxNames: number, isAllowed: (name: string) => boolean): string | null {
  let names = 0;
  let emptyElements = 0;
  let start = 0;
  while (start <= requested.length) {
    let end = requested.charCodeAt(start) === 0x2c ? start : requested.indexOf(",", start);
    if (end === -1) end = requested.length;
    const next = end + 1;
    // At most one space or tab on each side.
    if (start < end && isSpaceOrTab(requested.charCodeAt(start))) start += 1;
    if (start < end && isSpaceOrTab(requested.charCodeAt(end - 1))) end -= 1;
    if (start === end) {
      emptyElements += 1;
      if (emptyElements > maxEmptyElements) return null;
    } else {
      names += 1;
      if (names > maxNames || !isAllowed(requested.slice(start, end))) return null;
    }
    start = next;
  }
  return emptyElements === 0 && !/[ \t]/.test(requested) ? requested : namesIn(requested).join(",");
}

function isSpaceOrTab(character: number): boolean {
  return character === 0x20 || character === 0x09;
}

function namesIn(requested: string): string[] {
  const names = requested.split(",").map((element) => element.trim());
  return names.filter((name) => name !== "");
}

/**
 * Finds the first name in a value that was not granted; null when the names are fine and the form is not: too many names
 * or too many commas. For explanations only: its time depends on the request.
 */
export function refusedRequestHeader(
  names: ReadonlySet<string>,
  credentials: boolean,
  requested: string,
): string | null {
  const isCovered = (name: string) => names.has("*") && isToken(name) && (credentials || name !== "authorization");
  const isFine = (name: string) => isCovered(name) || names.has(byteLowercase(name));
  return namesIn(requested).find((name) => !isFine(name)) ?? null;
}
