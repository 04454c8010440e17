import type { Origin } from "../origin/origin.ts";
import { isPotentiallyTrustworthyUrl } from "../origin/trustworthy.ts";
import type { Destination } from "../request/request.ts";

/** What mixed content depends on. @see https://w3c.github.io/webappsec-mixed-content/#should-block-fetch */
export interface MixedContentInput {
  readonly url: URL;
  readonly clientOrigin: Origin;
  /** The origin of the document in the address bar: a sandboxed frame of an https page is restricted as well. */
  readonly topLevelOrigin: Origin;
  readonly destination: Destination;
  /** False for a browser that blocks http loopback addresses too. */
  readonly loopbackIsTrustworthy: boolean;
}

/**
 * Reports whether an https page may not fetch the URL because it is not secure.
 *
 * Differs: http pages on loopback addresses are not restricted. The standard restricts every potentially trustworthy
 * page; browsers restrict https pages only. Images, audio and video are blocked and not upgraded to https.
 *
 * @see https://w3c.github.io/webappsec-mixed-content/#should-block-fetch
 */
export function shouldBlockMixedContent(input: MixedContentInput): boolean {
  if (!restrictsMixedContent(input.clientOrigin) && !restrictsMixedContent(input.topLevelOrigin)) return false;
  if (input.destination === "document") return false;
  return !isPotentiallyTrustworthyUrl(input.url, input.loopbackIsTrustworthy);
}

function restrictsMixedContent(origin: Origin): boolean {
  return origin.kind === "tuple" && origin.scheme === "https";
}
