import { originOf } from "../origin/origin.ts";
import { isSameSite, isSchemelesslySameSite, type RegistrableDomain } from "../origin/site.ts";
import { isPotentiallyTrustworthyUrl } from "../origin/trustworthy.ts";
import type { Profile } from "../profile/profile.ts";
import type { FetchMetadataRequest } from "./fetch-metadata.ts";

/** Whether a third party reaches its cookies: `inactive` when it could, were it to ask. */
export type StorageAccess = "active" | "inactive" | "none";

/**
 * Determines the `Sec-Fetch-Storage-Access` of a request; `null` when it has none.
 *
 * @see https://privacycg.github.io/storage-access-headers/#sec-fetch-storage-access-header
 */
export function storageAccess(
  request: FetchMetadataRequest,
  registrableDomain: RegistrableDomain,
  { cookies, fetchMetadata }: Pick<Profile, "cookies" | "fetchMetadata">,
): StorageAccess | null {
  const { client, credentialsMode, mode, destination, kind, origin, urlList } = request;
  const rule = fetchMetadata.storageAccess;
  const url = urlList[urlList.length - 1] as URL;
  if (rule === "untold" || credentialsMode !== "include" || client === null) return null;
  if ((mode === "navigate" && destination === "document") || !isPotentiallyTrustworthyUrl(url)) return null;
  const isSame = fetchMetadata.schemeless ? isSchemelesslySameSite : isSameSite;
  const target = originOf(url);
  const isSiteOfTopLevel = isSame(client.topLevelOrigin, target, registrableDomain);
  if (isSiteOfTopLevel && isSame(origin, target, registrableDomain)) return null;
  if (rule === "told-by-actual-requests") {
    if (kind === "preflight" || mode === "websocket") return null;
    if (cookies.thirdParty === "allow") return "active";
  } else {
    // Its keepalive fetches, not its beacons, outlive the page in a process that knows nothing of storage access.
    if (request.keepalive && request.initiatorType === "fetch") return null;
    if (cookies.thirdParty === "allow" || (kind === "actual" && isRedirectedAway(request))) return null;
  }
  // Inside of another site a frame, or a sandboxed document, is a third party even to the site around it.
  return isSiteOfTopLevel ? "inactive" : "none";
}

function isRedirectedAway({ isTainted, origin, urlList }: FetchMetadataRequest): boolean {
  if (origin.kind !== "opaque") return isTainted;
  return urlList.some((url) => url.origin !== (urlList[0] as URL).origin);
}
