import type { Profile } from "./profile.ts";
import { standard } from "./standard.ts";

/**
 * WebKitGTK 2.50, as recorded on 2026-11-22 with default settings.
 * The comment behind an entry names a recorded scenario that shows it.
 */
export const webkit: Profile = {
  ...standard,
  name: "webkit",
  requestHeaders: {
    ...standard.requestHeaders,
    judgesCombinedValues: true, // length-030
    lenientRange: true, // range-008
    limitsRangeTo64Bits: true, // measured: a Range beyond 64 bits
    sendsHighBytesAsUtf8: true, // bytes-accept-064
    blobTypeEscapesNoCorsGuard: true, // no-cors-type-001
  },
  preflight: {
    ...standard.preflight,
    uploadListenersAllowMethod: false, // measured: an upload listener on a PUT that is not allowed
    wildcardCoversAuthorization: true, // acah-auth-002
    cachedWildcardCoversAuthorization: true, // cache-028
    maxAgeLimit: 600, // documented: too long to record
    negativeMaxAgeIsZero: true, // max-age-003
    signedMaxAge: true, // max-age-late-005
    oneResultPerUrl: true, // cache-031
    clearedBy: "nothing", // cache-035
    cachesTaintedOrigins: false, // cache-045
    storesWhatRefuses: true, // measured: a refused header, then the method alone
  },
  redirect: {
    ...standard.redirect,
    onceCorsPreflightedAlways: true, // redirect-024
    bodyHeadersReturn: "next-redirect", // redirect-comeback-003
    preflightNamesRemovedHeaders: "all", // redirect-method-041
    deleteBecomesGetCrossOrigin: true, // redirect-method-011
    followsUnassignedStatuses: true, // redirect-status-095
    sameOriginCredentialsCheckedAsInclude: true, // redirect-085
    emptyLocation: "failure", // location-002
    errorModeNeedsLocation: true, // redirect-mode-034
    severalLocations: "joined-unless-equal", // measured: two Location headers, equal and different ones
    locationDecoding: "repaired", // location-057
    judgesAfterPreflight: true, // redirect-094, random-1111
  },
  cookies: {
    ...standard.cookies,
    thirdParty: "send-only", // set-cookie-006
    honorsPartitioned: false, // cookies-more-003
    sameSiteDefault: "none", // cookies-051
    schemefulSameSite: false, // navigate-036
    redirectChainCounts: false, // cookies-redirect-004
    judgesTopLevelHostOnly: true, // cookies-015
    subdomainsAreSameSite: true, // random-1072
    secureOnLoopback: false, // cookies-003
    enforcesPrefixes: false, // cookies-more-003
    sameSiteNoneNeedsSecure: false, // cookies-003
    mostSpecificDomainFirst: true, // cookies-more-004
  },
  httpCache: {
    ...standard.httpCache,
    storesBlockedResponses: false, // http-cache-006
    validatesOtherVariants: false, // measured: no-cors, then cors, of a response with ETag and Vary: Origin
    implicitlyFreshStatuses: [301, 410], // random-1179
  },
  origin: {
    ...standard.origin,
    corsElementsSendOrigin: true, // element-041
    rewrittenGetKeepsOrigin: true, // redirect-status-020
    beaconTellsEmbedder: true, // beacon-005
    crossOriginRedirectTaintsNavigation: true, // navigate-049
  },
  referrer: {
    ...standard.referrer,
    opaqueDocument: "url", // element-026
    preflightKeepsFirst: true, // redirect-024
  },
  fetchMetadata: {
    ...standard.fetchMetadata,
    preflightForgetsRedirects: true, // redirect-082
    omittedAfterCrossOriginRedirect: true, // redirect-025
    trailingDotIsUntrustworthy: true, // scheme-065
  },
  defaultHeaders: {
    ...standard.defaultHeaders,
    accept: {
      ...standard.defaultHeaders.accept,
      image: "image/webp,image/avif,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
    }, // element-006
    acceptLanguage: "C", // documented: the locale in which it was recorded
    cacheHeadersLostByCrossOriginRedirect: true, // random-1110
    beaconsRevalidate: true, // beacon-001
  },
  response: {
    ...standard.response,
    lenientAboutStatus: ["module", "script"], // measured: a script with status 300
    loopbackIsTrustworthy: false, // pairs-064
    fetchesAboutBlank: false, // measured: about:blank in mode no-cors
    proxyAuthenticationReadable: true, // status-022
  },
};
