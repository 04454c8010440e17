import { isPotentiallyTrustworthyOrigin, parseOrigin } from "@corsac/protocol";
import { maxOriginLength } from "../origin-set/origin-pattern.ts";
import type { OriginSet } from "../origin-set/origin-set.ts";
import { createAskResolver, type OriginVerdict } from "../resolver/ask-resolver.ts";
import type { OriginResolver, ResolverOptions } from "../resolver/origin-resolver.ts";

/** How a policy judges the value of an `Origin` header. */
export interface OriginRule {
  /** The value may be anything. */
  readonly verdict: (origin: string) => OriginVerdict | Promise<OriginVerdict>;
  /** Whether a verdict in favour stands for ever, so that what follows from it is worth keeping. */
  readonly isFinal: boolean;
  /** Whether the policy names origins, so that a verdict in favour means trust. */
  readonly names: boolean;
}

/** The rule of a policy which lists its origins. */
export function createListRule({ exact, hasPatterns, matchesPattern }: OriginSet, allowNull: boolean): OriginRule {
  return {
    isFinal: true,
    names: true,
    verdict: (origin) => {
      // The length comes first: a hash takes time in proportion to it.
      if (origin.length > maxOriginLength) return "origin-malformed";
      if (exact.has(origin) || (hasPatterns && matchesPattern(origin))) return "allowed";
      if (origin !== "null") return "origin-not-allowed";
      return allowNull ? "allowed" : "origin-null";
    },
  };
}

/** The rule of a policy for `*`. With credentials the origin is echoed, so that it has to be one. */
export function createAnyRule(credentials: boolean, allowNull: boolean): OriginRule {
  const echoed = (origin: string): OriginVerdict => {
    if (origin === "null") return allowNull ? "allowed" : "origin-null";
    return origin.length <= maxOriginLength && parseOrigin(origin) !== null ? "allowed" : "origin-malformed";
  };
  return { isFinal: false, names: false, verdict: credentials ? echoed : () => "allowed" };
}

/** What of a policy concerns its resolver. */
export interface ResolverRuleOptions {
  readonly credentials: boolean;
  readonly allowNull: boolean;
  readonly allowInsecure: boolean;
  readonly resolver: ResolverOptions | undefined;
}

/** The rule of a policy whose origins come from a resolver, which is asked about nothing but serialized origins. */
export function createResolverRule(
  resolver: OriginResolver,
  { credentials, allowNull, allowInsecure, resolver: options }: ResolverRuleOptions,
): OriginRule {
  const ask = createAskResolver(resolver, options);
  return {
    isFinal: false,
    names: true,
    verdict: (origin) => {
      if (origin === "null") return allowNull ? "allowed" : "origin-null";
      const parsed = origin.length > maxOriginLength ? null : parseOrigin(origin);
      if (parsed === null) return "origin-malformed";
      if (credentials && !allowInsecure && isInsecureOrigin(parsed)) return "origin-insecure";
      return ask(origin);
    },
  };
}

/**
 * Reports whether what pages of the origin are made of was open to change on its way. Schemes of applications and
 * extensions, such as `capacitor`, are not loaded over a network.
 */
export function isInsecureOrigin({ scheme, host }: { readonly scheme: string; readonly host: string }): boolean {
  return scheme === "http" && !isPotentiallyTrustworthyOrigin({ kind: "tuple", scheme, host, port: null });
}
