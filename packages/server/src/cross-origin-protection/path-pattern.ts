/** What keeps a string from being a pattern of raw paths. */
export type PathPatternFault = "not-absolute" | "not-a-path" | "ambiguous" | "wildcard-misplaced";

/** Dots, slashes, backslashes and control characters under percent-encoding, encoded any number of times. */
const encodedSeparator = /%(?:25)*(?:2e|2f|5c|[01][0-9a-f]|7f)/i;
/** What some decoders read and others do not: dots and slashes in too many bytes (`%c0%ae`), and `%u002e`. */
const undecodable = /%(?:(?:25)*(?:c[01]|f[5-9a-f])|(?![0-9a-f]{2}))/i;
/** A segment that a URL parser resolves; some servers look for it before a semicolon, encoded or not. */
const dotSegment = /(?:^|\/)\.{1,2}(?:(?:;|%(?:25)*3b)[^/]*)?(?:\/|$)/i;
const visibleAscii = /^[\x21-\x7e]*$/;

/**
 * Reports whether everybody who routes the path understands it alike: no dot segments, no encoded dots, slashes or
 * control characters, no malformed encoding, no backslashes, no empty segments, nothing outside visible ASCII. Otherwise
 * a check by prefix and the router behind it may see two different paths.
 */
export function isUnambiguousPath(path: string): boolean {
  if (!visibleAscii.test(path) || /\\|\/\/|#/.test(path)) return false;
  return !encodedSeparator.test(path) && !undecodable.test(path) && !dotSegment.test(path);
}

/** Tells what is wrong with a pattern; null if nothing is. */
export function pathPatternFault(pattern: string): PathPatternFault | null {
  if (!pattern.startsWith("/")) return "not-absolute";
  if (/[?#]/.test(pattern)) return "not-a-path";
  if (pattern.slice(0, -1).includes("*") || (pattern.endsWith("*") && !pattern.endsWith("/*"))) {
    return "wildcard-misplaced";
  }
  return isUnambiguousPath(pattern) ? null : "ambiguous";
}

/** Reports whether any of the patterns matches a raw path. */
export type PathMatcher = (path: string) => boolean;

/**
 * Makes the matcher for exemptions: `/hooks/payment` is that path and nothing else, `/hooks/*` all that begins with
 * `/hooks/`. Paths are compared as they are, never decoded or cleaned; one that can be understood in two ways matches
 * nothing.
 */
export function createExactMatcher(patterns: readonly string[]): PathMatcher {
  if (patterns.length === 0) return () => false;
  const matches = matcher(patterns);
  return (path) => isUnambiguousPath(path) && matches(path);
}

/**
 * Makes the matcher for more protection, which errs on the other side: routers may ignore case, a slash at the end and
 * percent-encoding, and a path that can be understood in two ways matches always.
 */
export function createGenerousMatcher(patterns: readonly string[]): PathMatcher {
  if (patterns.length === 0) return () => false;
  const matches = matcher(patterns.map((pattern) => plainPath(pattern) ?? pattern));
  return (path) => {
    const plain = isUnambiguousPath(path) ? plainPath(path) : null;
    return plain === null || matches(plain) || matches(`${plain}/`);
  };
}

function matcher(patterns: readonly string[]): PathMatcher {
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith("*")));
  const prefixes = patterns.filter((pattern) => pattern.endsWith("*")).map((pattern) => pattern.slice(0, -1));
  return (path) => exact.has(path) || prefixes.some((prefix) => path.startsWith(prefix));
}

/** The path decoded, in lower case, without a slash at its end; null if it cannot be decoded. */
function plainPath(path: string): string | null {
  try {
    return decodeURIComponent(path).toLowerCase().replace(/\/$/, "");
  } catch {
    return null;
  }
}
