import { getHeader, type HeaderList } from "../header/header-list.ts";
import { isSameOrigin, type Origin, originOf } from "../origin/origin.ts";
import { isSchemelesslySameSite, type RegistrableDomain } from "../origin/site.ts";
import type { EmbedderPolicy } from "../request/request.ts";

/** What a cross-origin resource policy check looks at. */
export interface ResourcePolicyCheck {
  /** The origin that wants to embed the response. */
  readonly origin: Origin;
  readonly embedderPolicy: EmbedderPolicy;
  /** The URL that answered. */
  readonly url: URL;
  readonly headers: HeaderList;
  /** Whether the request carried credentials. */
  readonly includesCredentials: boolean;
  /** True only when HTML checks a nested navigation. */
  readonly forNavigation?: boolean;
  /** Whether ports of one IP address are no more same site than other hosts are; default false, as in the standard. */
  readonly addressIsNoSite?: boolean;
}

/** Allowed, or blocked: by which policy, and whether only because of the page's embedder policy. */
export type ResourcePolicyResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly policy: string; readonly byEmbedderPolicy: boolean };

/**
 * Performs a cross-origin resource policy check on a response that would be opaque.
 *
 * @see https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check
 */
export function crossOriginResourcePolicyCheck(
  check: ResourcePolicyCheck,
  registrableDomain: RegistrableDomain,
): ResourcePolicyResult {
  const byItself = internalCheck(check, "unsafe-none", registrableDomain);
  if (byItself !== null) return { ok: false, policy: byItself, byEmbedderPolicy: false };
  const byEmbedder = internalCheck(check, check.embedderPolicy, registrableDomain);
  return byEmbedder === null ? { ok: true } : { ok: false, policy: byEmbedder, byEmbedderPolicy: true };
}

/** Returns the policy that blocks, `null` when the response is allowed. */
function internalCheck(
  { origin, url, headers, includesCredentials, forNavigation = false, addressIsNoSite = false }: ResourcePolicyCheck,
  embedderPolicy: EmbedderPolicy,
  registrableDomain: RegistrableDomain,
): string | null {
  if (forNavigation && embedderPolicy === "unsafe-none") return null;
  const policy = knownPolicy(getHeader(headers, "cross-origin-resource-policy"));
  switch (policy ?? impliedPolicy(embedderPolicy, includesCredentials || forNavigation)) {
    case null:
    case "cross-origin":
      return null;
    case "same-origin":
      return isSameOrigin(origin, originOf(url)) ? null : "same-origin";
    case "same-site": {
      const target = originOf(url);
      if (addressIsNoSite && isAddress(url.hostname)) return isSameOrigin(origin, target) ? null : "same-site";
      const isSecureEnough = url.protocol !== "https:" || (origin.kind === "tuple" && origin.scheme === "https");
      return isSecureEnough && isSchemelesslySameSite(origin, target, registrableDomain) ? null : "same-site";
    }
  }
}

/** The host is one that `URL` gave, in which numbers alone are an IPv4 address. */
function isAddress(host: string): boolean {
  return /^(?:\[.*\]|[\d.]+)$/.test(host);
}

type ResourcePolicy = "cross-origin" | "same-origin" | "same-site";

function knownPolicy(value: string | null): ResourcePolicy | null {
  return value === "same-origin" || value === "same-site" || value === "cross-origin" ? value : null;
}

function impliedPolicy(embedderPolicy: EmbedderPolicy, withCredentials: boolean): "same-origin" | null {
  if (embedderPolicy === "require-corp") return "same-origin";
  return embedderPolicy === "credentialless" && withCredentials ? "same-origin" : null;
}
