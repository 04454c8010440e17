import {
  type Client,
  createOpaqueOrigin,
  defaultReferrerPolicy,
  type EmbedderPolicy,
  getHeader,
  type HeaderList,
  isSameSite,
  type Origin,
  originOf,
  parseReferrerPolicy,
} from "@corsac/protocol";
import { registrableDomain } from "../site.ts";

/** What makes a document: where it is from, and what embeds it. */
export interface DocumentInit {
  readonly url: URL;
  /** The headers of the response that it came in. */
  readonly headers: HeaderList;
  /** Whether it is sandboxed without `allow-same-origin`. */
  readonly hasSandboxedOrigin: boolean;
  /** The document that embeds it; `null` for a top-level document. */
  readonly embedder: Client | null;
}

/**
 * Creates the environment settings object of a document.
 *
 * @see https://html.spec.whatwg.org/multipage/browsing-the-web.html#determining-the-origin
 */
export function documentClient({ url, headers, hasSandboxedOrigin, embedder }: DocumentInit): Client {
  const origin = documentOrigin(url, hasSandboxedOrigin, embedder);
  const topLevelOrigin = embedder?.topLevelOrigin ?? origin;
  const inheritsUrl = embedder !== null && url.protocol === "about:";
  return {
    origin,
    creationUrl: inheritsUrl ? embedder.creationUrl : url,
    topLevelOrigin,
    embedderOrigin: embedder?.origin ?? null,
    referrerPolicy: parseReferrerPolicy(headers) || (inheritsUrl ? embedder.referrerPolicy : defaultReferrerPolicy),
    embedderPolicy: parseEmbedderPolicy(headers),
    hasCrossSiteAncestor:
      embedder !== null && (embedder.hasCrossSiteAncestor || !isSameSite(embedder.origin, origin, registrableDomain)),
  };
}

function documentOrigin(url: URL, hasSandboxedOrigin: boolean, embedder: Client | null): Origin {
  if (hasSandboxedOrigin) return createOpaqueOrigin();
  if (embedder !== null && url.protocol === "about:") return embedder.origin;
  return originOf(url);
}

/** @see https://html.spec.whatwg.org/multipage/browsers.html#obtain-an-embedder-policy */
function parseEmbedderPolicy(headers: HeaderList): EmbedderPolicy {
  const value = getHeader(headers, "cross-origin-embedder-policy")?.split(";", 1)[0]?.trim();
  return value === "require-corp" || value === "credentialless" ? value : "unsafe-none";
}
