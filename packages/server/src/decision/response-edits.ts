import type { Header } from "@corsac/protocol";
import type { PolicyOptions } from "../policy/policy-options.ts";
import type { HeaderEdits } from "./decision.ts";

/** Every response header of the CORS protocol. The last one was withdrawn, but servers still send it. */
const corsResponseHeaderNames = [
  "access-control-allow-origin",
  "access-control-allow-credentials",
  "access-control-expose-headers",
  "access-control-allow-methods",
  "access-control-allow-headers",
  "access-control-max-age",
  "access-control-allow-private-network",
] as const;

/** Edits that set `set` and remove all other headers that the policy answers for. Frozen, since decisions share them. */
export function createEdits(
  set: readonly Header[],
  vary: readonly string[],
  alsoOwned: readonly string[],
): HeaderEdits {
  const names = new Set(set.map(([name]) => name));
  const remove = [...corsResponseHeaderNames, ...alsoOwned].filter((name) => !names.has(name));
  return Object.freeze({
    set: Object.freeze(set.map((header) => Object.freeze(header))),
    remove: Object.freeze(remove),
    vary,
  });
}

/** The headers of responses other than to preflights. */
export interface ResponseEdits {
  /** For a request without `Origin`. */
  readonly noOrigin: HeaderEdits;
  /** For an origin that is not allowed. */
  readonly denied: HeaderEdits;
  /** For an origin that is. */
  readonly allowed: (origin: string) => HeaderEdits;
}

/**
 * Makes the header edits of a policy for responses other than to preflights.
 *
 * `*` is sent on every response, asked for or not, so that caches can give one copy to all. All else depends on the
 * origin, so that nothing is sent without one.
 *
 * @param vary what the policy's responses vary by
 * @see https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
 */
export function createResponseEdits(options: PolicyOptions, vary: readonly string[]): ResponseEdits {
  const { origins, credentials = false, exposedHeaders, timing = false, resourcePolicy } = options;
  const everywhere: Header[] = resourcePolicy === undefined ? [] : [["cross-origin-resource-policy", resourcePolicy]];
  const owned = timing ? ["timing-allow-origin"] : [];
  const exposed = exposedHeaders === undefined ? "" : [exposedHeaders].flat().join(",");
  const template: Header[] = [["access-control-allow-origin", "*"]];
  if (credentials) template.push(["access-control-allow-credentials", "true"]);
  if (exposed !== "") template.push(["access-control-expose-headers", exposed]);
  const timingAt = timing ? template.push(["timing-allow-origin", "*"]) - 1 : -1;
  template.push(...everywhere);
  const toAll = createEdits(template, vary, owned);
  if (origins === "*" && !credentials) return { noOrigin: toAll, denied: toAll, allowed: () => toAll };
  const denied = createEdits(everywhere, vary, owned);
  const { remove } = toAll;
  const allowed = (origin: string): HeaderEdits => {
    const set = template.slice();
    set[0] = ["access-control-allow-origin", origin];
    if (timingAt !== -1) set[timingAt] = ["timing-allow-origin", origin];
    return { set, remove, vary };
  };
  return { noOrigin: denied, denied, allowed };
}
