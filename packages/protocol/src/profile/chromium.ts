import type { Profile } from "./profile.ts";
import { standard } from "./standard.ts";

/**
 * Chromium 156, as recorded on 2026-11-22 with third-party cookies allowed (upstream's default).
 * The comment behind an entry names a recorded scenario that shows it.
 */
export const chromium: Profile = {
  ...standard,
  name: "chromium",
  requestHeaders: {
    ...standard.requestHeaders,
    additionalSafelistedNames: ["intervention"], // measured: a header Intervention
    safelistsClientHints: true, // header-name-002
    judgesCombinedValues: true, // length-030
    canonicalizesRange: true, // range-008
    limitsRangeTo64Bits: true, // measured: a Range beyond 64 bits
    ignoresUserAgent: true, // measured: a User-Agent set by a script
  },
  preflight: {
    ...standard.preflight,
    uploadListenersAllowMethod: false, // measured: an upload listener on a PUT that is not allowed
    wildcardCoversAuthorization: true, // acah-auth-002
    negativeMaxAgeIsZero: true, // max-age-003
    signedMaxAge: true, // max-age-late-005
    oneResultPerUrl: true, // cache-031
    clearedBy: "nothing", // cache-035
    cachesOpaqueOrigins: false, // cache-042
    bypassedByCacheModes: ["no-cache", "no-store", "only-if-cached", "reload"], // cache-021
    bypassedByConditionalHeaders: true, // cache-headers-001
    uploadListenersNeedBody: true, // measured: an upload listener on a GET without body
    unstoredWithCacheModes: ["no-store"], // cache-019
  },
  redirect: {
    ...standard.redirect,
    removesClientHints: true, // measured: client hints and a redirect
    refusesUserInfoAlways: true, // location-033
    emptyLocation: "none", // location-002
    errorModeNeedsLocation: true, // redirect-mode-034
    severalLocations: "failure-unless-equal", // measured: two equal Location headers
    locationDecoding: "bytes", // location-025
    navigationLimit: 19, // measured: a frame and a form, redirected without end
  },
  cookies: {
    ...standard.cookies,
    laxAllowUnsafeSeconds: 120, // navigate-016
    redirectChainCounts: false, // cookies-redirect-004
  },
  httpCache: {
    ...standard.httpCache,
    storesBlockedResponses: false, // http-cache-006
    storesDespiteCertificateErrors: false, // random-1716
    implicitlyFreshStatuses: [300, 301, 308, 410], // random-1179, random-1385
  },
  origin: {
    ...standard.origin,
    corsElementsSendOrigin: true, // element-041
    noCorsIgnoresReferrerPolicy: true, // referrer-009
    crossOriginRedirectTaintsNavigation: true, // navigate-049
  },
  referrer: {
    ...standard.referrer,
    loopbackIsDowngrade: true, // pairs-064
  },
  fetchMetadata: {
    ...standard.fetchMetadata,
    preflightForgetsRedirects: true, // redirect-070
    webSocketDestination: null, // websocket-001
    storageAccess: "told-by-actual-requests", // acao-002
  },
  defaultHeaders: {
    ...standard.defaultHeaders,
    accept: {
      ...standard.defaultHeaders.accept,
      document:
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
      image: "image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
    }, // element-006
    conditionalRequestsRevalidate: true, // cache-headers-001
    preflightCarriesCacheHeaders: true, // cache-headers-012
    postNavigationsRevalidate: true, // navigate-016
  },
  response: {
    ...standard.response,
    lenientAboutStatus: ["script", "style"], // measured: a script with status 300
    firesLoadForAnyStylesheet: true, // measured: a stylesheet that is text/plain
    fetchesAboutBlank: false, // measured: about:blank in mode no-cors
    opaqueInitiatorPassesSameSiteCorp: true, // measured: a sandboxed frame's image of its embedder's site
    addressIsNoSite: true, // measured: a script of another port of 127.0.0.1
    trimsHeaderNames: true, // acao-131
  },
};
