import { type Header, isForbiddenMethod, isMethod } from "@corsac/protocol";
import type { PolicyOptions } from "../policy/policy-options.ts";
import type { HeaderEdits } from "./decision.ts";
import { createGrantRequestHeaders } from "./request-header-names.ts";
import { createEdits } from "./response-edits.ts";

/** Judges a preflight of an allowed origin: the edits which grant it, or why it is refused. */
export type GrantPreflight = (
  origin: string,
  method: string,
  requestedHeaders: string | null,
) => HeaderEdits | "headers-not-allowed" | "method-not-allowed";

/** The headers of answers to preflights. */
export interface PreflightEdits {
  readonly grant: GrantPreflight;
  /** Removes all and tells nothing. */
  readonly refused: HeaderEdits;
}

/**
 * Makes the header edits of a policy for answers to CORS-preflight requests: what was asked for is granted, and nothing
 * besides, in the order of the standard.
 *
 * @param vary what the policy's responses vary by
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function createPreflightEdits(options: PolicyOptions, vary: readonly string[]): PreflightEdits {
  const { origins, credentials = false, methods = [], requestHeaders = [], maxAge } = options;
  const isAny = origins === "*" && !credentials;
  const methodHeader = createMethodHeader([methods].flat(), credentials);
  const grantHeaders = createGrantRequestHeaders(
    new Set([requestHeaders].flat().map((name) => name.toLowerCase())),
    credentials,
  );
  // Not frozen: what is frozen is slow to read.
  const credentialsHeader: Header | null = credentials ? ["access-control-allow-credentials", "true"] : null;
  const maxAgeHeader: Header | null = maxAge === undefined ? null : ["access-control-max-age", String(maxAge)];

  /** What to remove, by whether methods (1) and request headers (2) are set. */
  const removals = [0, 1, 2, 3].map((combination) => {
    const set: Header[] = [["access-control-allow-origin", ""]];
    if (credentialsHeader !== null) set.push(credentialsHeader);
    if (maxAgeHeader !== null) set.push(maxAgeHeader);
    if (combination & 1) set.push(["access-control-allow-methods", ""]);
    if (combination & 2) set.push(["access-control-allow-headers", ""]);
    return createEdits(set, vary, []).remove;
  });

  const grant: GrantPreflight = (origin, method, requestedHeaders) => {
    const allowMethods = methodHeader(method);
    if (allowMethods === undefined) return "method-not-allowed";
    const set: Header[] = [["access-control-allow-origin", isAny ? "*" : origin]];
    if (credentialsHeader !== null) set.push(credentialsHeader);
    let combination = 0;
    if (allowMethods !== null) {
      set.push(allowMethods);
      combination = 1;
    }
    if (requestedHeaders !== null) {
      const allowHeaders = grantHeaders(requestedHeaders);
      if (allowHeaders === null) return "headers-not-allowed";
      if (allowHeaders !== "") {
        set.push(["access-control-allow-headers", allowHeaders]);
        combination |= 2;
      }
    }
    if (maxAgeHeader !== null) set.push(maxAgeHeader);
    return { set, remove: removals[combination] ?? [], vary };
  };
  return { grant, refused: createEdits([], vary, []) };
}

/** Characters of a method that is granted because all are; the longest that is registered has 17. */
const longestEchoed = 64;

/**
 * Finds the `Access-Control-Allow-Methods` that grants a method: null for one that needs none, undefined for one that
 * is not allowed.
 */
function createMethodHeader(
  methods: readonly string[],
  credentials: boolean,
): (method: string) => Header | null | undefined {
  const headerOf = (value: string): Header => ["access-control-allow-methods", value];
  const listed = new Map<string, Header | null>(methods.map((method) => [method, headerOf(method)]));
  for (const safelisted of ["GET", "HEAD", "POST"]) listed.set(safelisted, null);
  const longest = Math.max(...[...listed.keys()].map((method) => method.length));
  const find = (method: string) => (method.length <= longest ? listed.get(method) : undefined);
  if (!listed.has("*")) return find;
  const all = headerOf("*");
  return (method) => {
    const found = find(method);
    if (found !== undefined) return found;
    if (method.length > longestEchoed || !isMethod(method) || isForbiddenMethod(method)) return undefined;
    // With credentials `*` is a method of that name.
    return credentials ? headerOf(method) : all;
  };
}
