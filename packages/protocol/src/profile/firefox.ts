import type { Profile } from "./profile.ts";
import { standard } from "./standard.ts";

/**
 * Firefox ESR 153, as recorded on 2026-11-22 with default preferences (third-party cookies are partitioned).
 * The comment behind an entry names a recorded scenario that shows it.
 */
export const firefox: Profile = {
  ...standard,
  name: "firefox",
  requestHeaders: {
    ...standard.requestHeaders,
    highBytesAreUnsafe: true, // bytes-accept-064
    commaInContentTypeIsUnsafe: true, // content-type-012
    limitsTotalLength: false, // length-034
    repeatsUnsafeNames: true, // acah-multi-008
    limitsRangeTo64Bits: true, // measured: a Range beyond 64 bits
    sendsFirstContentTypeOnly: true, // content-type-050
    joinsWithoutEmptyValues: true, // measured: a header set twice, once to the empty string
  },
  preflight: {
    ...standard.preflight,
    uploadListenersAllowMethod: false, // measured: an upload listener on a PUT that is not allowed
    wildcardCoversAuthorization: true, // acah-auth-002
    maxAgeLimit: 86400, // documented: too long to record
    malformedMaxAge: "uncached", // max-age-014
    ignoresCachedWildcards: true, // cache-026
    separatesCredentials: true, // cache-more-008
    clearedBy: "any-cors-failure", // cache-more-006
    redirectModeErrorClears: false, // cache-headers-016
    zeroMaxAgeShortens: false, // cache-more-003
    cachesIpv6Hosts: false, // measured: PUT twice to [::1]
    bypassedByCacheModes: ["no-store", "reload"], // cache-021
    bypassedByConditionalHeaders: true, // cache-headers-001
  },
  redirect: {
    ...standard.redirect,
    preflightKeepsPageOrigin: true, // redirect-058
    onceCorsPreflightedAlways: true, // redirect-024
    authorizationReturns: true, // redirect-comeback-001
    bodyHeadersReturn: "unless-rewriting", // measured: a POST, redirected by 303, then by 307
    preflightNamesRemovedHeaders: "earlier", // measured: a POST, redirected by 302 twice
    severalLocations: "failure-unless-equal", // measured: two equal Location headers
    locationDecoding: "bytes", // location-025
  },
  cookies: {
    ...standard.cookies,
    thirdParty: "partition", // cookies-051, set-cookie-006
    sameSiteDefault: "none", // navigate-016, set-cookie-006
    schemefulSameSite: false, // cookies-012
  },
  httpCache: {
    ...standard.httpCache,
    separatesCredentials: true, // http-cache-005
  },
  referrer: {
    ...standard.referrer,
    opaqueDocument: "origin-of-elements", // element-026
    trimsCrossSite: true, // referrer-014
    loopbackIsDowngrade: true, // pairs-064
  },
  fetchMetadata: {
    ...standard.fetchMetadata,
    schemeless: true, // pairs-064
    ipv6AddressesAreNoSites: true, // pairs-103
    httpRedirectIsCrossSite: true, // redirect-025
    preflightForgetsRedirects: true, // redirect-070
    webSocketDestination: "empty", // websocket-001
    storageAccess: "told-when-restricted", // acao-002
  },
  defaultHeaders: {
    ...standard.defaultHeaders,
    accept: {
      ...standard.defaultHeaders.accept,
      image: "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
    }, // element-006
    preflightCarriesCacheHeaders: true, // cache-headers-012
    webSocketExtensions: "permessage-deflate", // websocket-001
  },
  response: {
    ...standard.response,
    imagesNeedOkStatus: true, // measured: an image with status 404
    triesWhenDropped: 10, // status-047
    joinsWithoutEmptyValues: true, // measured: two Access-Control-Allow-Credentials headers, one of them empty
    proxyAuthenticationReadable: true, // status-022
    dataUrlHasContentLength: true, // scheme-001
  },
};
