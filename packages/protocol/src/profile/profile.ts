/** The browsers whose measured behaviour corsac can follow, and the standard itself. */
export type ProfileName = "standard" | "chromium" | "firefox" | "webkit";

/** What makes request headers CORS-unsafe beyond, or short of, the Fetch standard. */
export interface RequestHeaderRules {
  /** Names (lower case) that are CORS-safelisted in addition to the standard's, whatever their value. */
  readonly additionalSafelistedNames: readonly string[];
  /** Client hints are CORS-safelisted when their value is what the browser itself might send. */
  readonly safelistsClientHints: boolean;
  /** Bytes from 0x80 are unsafe in `Accept` and `Content-Type`. */
  readonly highBytesAreUnsafe: boolean;
  /** A comma in a `Content-Type` value is unsafe. */
  readonly commaInContentTypeIsUnsafe: boolean;
  /** Several headers of one name are judged by their combined value, not one by one. */
  readonly judgesCombinedValues: boolean;
  /** All safelisted values together may have 1024 bytes. */
  readonly limitsTotalLength: boolean;
  /** A name that stands twice in the header list stands twice in `Access-Control-Request-Headers`. */
  readonly repeatsUnsafeNames: boolean;
  /** The unit in `Range` is compared without case, and its numbers may have a sign. */
  readonly lenientRange: boolean;
  /** A `Range` that parses is sent in its canonical form, but judged as it was set. */
  readonly canonicalizesRange: boolean;
  /** A `Range` whose numbers exceed 64 bits is unsafe. */
  readonly limitsRangeTo64Bits: boolean;
  /** Of several `Content-Type` headers only the first is sent, but all are judged. */
  readonly sendsFirstContentTypeOnly: boolean;
  /** An empty value leaves no trace when headers of one name are joined. */
  readonly joinsWithoutEmptyValues: boolean;
  /** Characters from U+0080 are sent as UTF-8 and not as one byte each. */
  readonly sendsHighBytesAsUtf8: boolean;
  /** A `User-Agent` set by a script is ignored. */
  readonly ignoresUserAgent: boolean;
  /** In no-cors mode the type of a `Blob` body becomes `Content-Type` even if it is not safelisted. */
  readonly blobTypeEscapesNoCorsGuard: boolean;
}

/** How a CORS-preflight response is judged and kept beyond, or short of, the Fetch standard. */
export interface PreflightRules {
  /** `Access-Control-Allow-Headers: *` also covers CORS non-wildcard request-header names. */
  readonly wildcardCoversAuthorization: boolean;
  /** A cached `*` covers them as well. */
  readonly cachedWildcardCoversAuthorization: boolean;
  /** The greatest max-age of a CORS-preflight cache entry, in seconds. */
  readonly maxAgeLimit: number;
  /** What a malformed `Access-Control-Max-Age` means: the default of five seconds, or that nothing is cached. */
  readonly malformedMaxAge: "default" | "uncached";
  /** A negative `Access-Control-Max-Age` counts as zero. */
  readonly negativeMaxAgeIsZero: boolean;
  /** `Access-Control-Max-Age: +600` is read as 600. */
  readonly signedMaxAge: boolean;
  /** A preflight result is kept as a whole: a later one for the same URL replaces it. */
  readonly oneResultPerUrl: boolean;
  /** Entries whose name is `*` are stored but never matched. */
  readonly ignoresCachedWildcards: boolean;
  /** Entries obtained with credentials are not used for requests without. */
  readonly separatesCredentials: boolean;
  /** Which failures of the request that follows remove the entries of its URL. */
  readonly clearedBy: "preflighted-failure" | "any-cors-failure" | "nothing";
  /** A failure that comes from redirect mode error removes the entries too. */
  readonly redirectModeErrorClears: boolean;
  /** A later preflight with `Access-Control-Max-Age: 0` shortens the entries that it matches. */
  readonly zeroMaxAgeShortens: boolean;
  /** Results of servers whose host is an IPv6 address are cached for pages whose origin is not opaque, too. */
  readonly cachesIpv6Hosts: boolean;
  /** Results for an opaque origin, a tainted one included, are cached. */
  readonly cachesOpaqueOrigins: boolean;
  /** Results for the `null` origin of a tainted redirect are cached. */
  readonly cachesTaintedOrigins: boolean;
  /** Cache modes (of the HTTP cache) that bypass the CORS-preflight cache. */
  readonly bypassedByCacheModes: readonly string[];
  /** Conditional request headers set by a script bypass the CORS-preflight cache. */
  readonly bypassedByConditionalHeaders: boolean;
  /** A preflight that an upload listener asked for allows the method when there is no `Access-Control-Allow-Methods`. */
  readonly uploadListenersAllowMethod: boolean;
  /** Upload listeners ask for a preflight only when there is a body to upload. */
  readonly uploadListenersNeedBody: boolean;
  /** What an answer grants is stored even if it refuses the method or a header of the request that asked. */
  readonly storesWhatRefuses: boolean;
  /** Cache modes under which a preflight's result is not even stored. */
  readonly unstoredWithCacheModes: readonly string[];
}

/** How redirects are followed beyond, or short of, the Fetch standard. */
export interface RedirectRules {
  /**
   * The preflight of a tainted request carries, and is checked against, the page's origin instead of `null`. Back at
   * that origin it passes the CORS check, whatever the answer.
   */
  readonly preflightKeepsPageOrigin: boolean;
  /** A request that has been preflighted once is preflighted after every later redirect. */
  readonly onceCorsPreflightedAlways: boolean;
  /** `Authorization`, removed at a cross-origin redirect, returns after the next same-origin redirect. */
  readonly authorizationReturns: boolean;
  /** Client hints set by a script are removed by a redirect to an origin that is not the page's. */
  readonly removesClientHints: boolean;
  /**
   * When request-body-headers, removed with the body, return: never, after the next redirect except within the page's
   * own origin, or after one that would leave the method as the script set it.
   */
  readonly bodyHeadersReturn: "never" | "next-redirect" | "unless-rewriting";
  /** The preflight after a redirect still names headers that were removed: none, those removed earlier, or all. */
  readonly preflightNamesRemovedHeaders: "all" | "earlier" | "none";
  /** DELETE becomes GET, without its body but with its headers, when a redirect leads to another origin. */
  readonly deleteBecomesGetCrossOrigin: boolean;
  /** Statuses 309 to 399 with a `Location` are followed. */
  readonly followsUnassignedStatuses: boolean;
  /** Credentials mode same-origin: after a same-origin hop, cross-origin redirect responses are checked as if it were include. */
  readonly sameOriginCredentialsCheckedAsInclude: boolean;
  /** A `Location` with user info is refused whatever the mode and origin. */
  readonly refusesUserInfoAlways: boolean;
  /** What an empty `Location` is: the current URL, no `Location` at all, or a failure. */
  readonly emptyLocation: "failure" | "itself" | "none";
  /** Redirect mode error lets a redirect status without `Location` through. */
  readonly errorModeNeedsLocation: boolean;
  /** What several `Location` headers are. Where equal ones count as one, different ones fail or are joined by a comma. */
  readonly severalLocations: "failure" | "failure-unless-equal" | "joined-unless-equal";
  /**
   * How bytes from 0x80 in `Location` become part of the URL: as characters, as themselves, or as characters after
   * what is no UTF-8 has been replaced.
   */
  readonly locationDecoding: "bytes" | "isomorphic" | "repaired";
  /** How many redirects a navigation follows. */
  readonly navigationLimit: number;
  /** What the page itself has against a redirect, such as mixed content, is judged after the preflight that follows. */
  readonly judgesAfterPreflight: boolean;
}

/** Which cookies are stored and sent. */
export interface CookieRules {
  /**
   * What happens to cookies in a third-party context: nothing special; they are neither stored nor sent (unless
   * `Partitioned`); each top-level site has a jar of its own for them; what a first-party visit stored is sent, nothing
   * is stored.
   */
  readonly thirdParty: "allow" | "block" | "partition" | "send-only";
  /** A `Partitioned` cookie is confined to the top-level site under which it was set. */
  readonly honorsPartitioned: boolean;
  /** What a cookie without (or with an unknown) `SameSite` attribute counts as. */
  readonly sameSiteDefault: "lax" | "none";
  /** Seconds during which a cookie without `SameSite` goes along with a cross-site top-level POST; 0 for never. */
  readonly laxAllowUnsafeSeconds: number;
  /** http and https of one host are different sites for `SameSite`. */
  readonly schemefulSameSite: boolean;
  /** A redirect through another site makes the request cross-site for `SameSite`, even when it comes back. */
  readonly redirectChainCounts: boolean;
  /** `SameSite` is judged by the host of the top-level page alone, so that a sandboxed frame counts as its embedder. */
  readonly judgesTopLevelHostOnly: boolean;
  /**
   * For `SameSite`, every host below the top-level page's counts as its site, even if it is a registrable domain of its
   * own; not after a redirect.
   */
  readonly subdomainsAreSameSite: boolean;
  /** `Secure` cookies are stored from, and sent to, http loopback addresses. */
  readonly secureOnLoopback: boolean;
  /** The `__Secure-` and `__Host-` prefixes are enforced. */
  readonly enforcesPrefixes: boolean;
  /** `SameSite=None` without `Secure` is refused. */
  readonly sameSiteNoneNeedsSecure: boolean;
  /** Of cookies with equally long paths, those of the longest domain come first; else the oldest. */
  readonly mostSpecificDomainFirst: boolean;
}

/** When a request carries `Origin`, and which. */
export interface OriginRules {
  /** Elements fetched in cors mode (a module script, an image with `crossorigin`) carry `Origin` towards their own origin too. */
  readonly corsElementsSendOrigin: boolean;
  /** The `Origin` of a no-cors request ignores the referrer policy. */
  readonly noCorsIgnoresReferrerPolicy: boolean;
  /**
   * A request, unless it navigates, that a redirect turned into a GET keeps the `Origin` header it had, until a redirect
   * leads to another origin.
   */
  readonly rewrittenGetKeepsOrigin: boolean;
  /** A beacon from a sandboxed document carries the embedder's origin. */
  readonly beaconTellsEmbedder: boolean;
  /** Any cross-origin redirect taints a navigation, one that leaves the page's own origin included. */
  readonly crossOriginRedirectTaintsNavigation: boolean;
}

/** What `Referer` says. */
export interface ReferrerRules {
  /** What documents with an opaque origin send: nothing, their URL, or (elements, beacons and event sources alone) its origin. */
  readonly opaqueDocument: "none" | "origin-of-elements" | "url";
  /** Towards other sites every laxer policy counts as strict-origin-when-cross-origin. */
  readonly trimsCrossSite: boolean;
  /** From https to http is a downgrade even where the http URL is a loopback address, hence potentially trustworthy. */
  readonly loopbackIsDowngrade: boolean;
  /** The preflight of a redirected request carries the `Referer` of the first request. */
  readonly preflightKeepsFirst: boolean;
}

/** What the `Sec-Fetch-*` headers say. */
export interface FetchMetadataRules {
  /** Sites have no scheme: http to https of one host is `same-site`. */
  readonly schemeless: boolean;
  /** Two ports of one IPv6 address are different sites. */
  readonly ipv6AddressesAreNoSites: boolean;
  /** After a redirect from an http URL everything but same-origin is `cross-site`. */
  readonly httpRedirectIsCrossSite: boolean;
  /** A preflight looks at the current URL alone, not at those that led to it. */
  readonly preflightForgetsRedirects: boolean;
  /** Left out of cors requests whose last redirect changed the origin. */
  readonly omittedAfterCrossOriginRedirect: boolean;
  /** A host with a trailing dot is not trustworthy, `localhost.` included. */
  readonly trailingDotIsUntrustworthy: boolean;
  /** `Sec-Fetch-Dest` of a WebSocket handshake; `null` when handshakes have no `Sec-Fetch-*` headers. */
  readonly webSocketDestination: "empty" | "websocket" | null;
  /**
   * Which requests tell by `Sec-Fetch-Storage-Access` whether a third party reaches its cookies: none, actual requests
   * whatever the setting, or preflights too but only if third-party cookies are restricted.
   */
  readonly storageAccess: "told-by-actual-requests" | "told-when-restricted" | "untold";
}

/** Headers that the user agent adds on its own account. */
export interface DefaultHeaderRules {
  /** `Accept` by kind of destination. */
  readonly accept: Readonly<Record<"document" | "image" | "style", string>>;
  readonly acceptLanguage: string;
  /** Conditional request headers set by a script add `Cache-Control: max-age=0` alone. */
  readonly conditionalRequestsRevalidate: boolean;
  /** A preflight carries the cache headers of the request that it announces. */
  readonly preflightCarriesCacheHeaders: boolean;
  /**
   * A request in cors mode carries no cache headers when its last redirect changed the origin, apart from the
   * `Cache-Control` that an event source sets itself.
   */
  readonly cacheHeadersLostByCrossOriginRedirect: boolean;
  /** Beacons carry `Cache-Control: max-age=0`. */
  readonly beaconsRevalidate: boolean;
  /** Navigations by POST, and what redirects make of them, carry `Cache-Control: max-age=0`. */
  readonly postNavigationsRevalidate: boolean;
  /** The extension that a WebSocket handshake offers. */
  readonly webSocketExtensions: string;
}

/** What responses, and requests that get none, lead to. */
export interface ResponseRules {
  /** http loopback addresses are potentially trustworthy, so that an https page may fetch them. */
  readonly loopbackIsTrustworthy: boolean;
  /** An image whose status is not an ok status does not load. */
  readonly imagesNeedOkStatus: boolean;
  /** Elements that load with any status below 400. */
  readonly lenientAboutStatus: readonly ("module" | "script" | "style")[];
  /** A stylesheet of another type than `text/css` fires its load event, unless `nosniff` blocks it. */
  readonly firesLoadForAnyStylesheet: boolean;
  /** How often a request with a safe method is made when the connection closes instead of an answer. */
  readonly triesWhenDropped: number;
  /** `about:blank` can be fetched. */
  readonly fetchesAboutBlank: boolean;
  /** A 407 from an origin server is readable. */
  readonly proxyAuthenticationReadable: boolean;
  /** An opaque initiator passes `Cross-Origin-Resource-Policy: same-site` if its embedder is same site. */
  readonly opaqueInitiatorPassesSameSiteCorp: boolean;
  /** `Cross-Origin-Resource-Policy: same-site` of an IP address lets the same origin pass, but none of its other ports. */
  readonly addressIsNoSite: boolean;
  /** Of several response header lines of one name, empty ones leave no trace. */
  readonly joinsWithoutEmptyValues: boolean;
  /** Whitespace between a response header's name and its colon is ignored. */
  readonly trimsHeaderNames: boolean;
  /** A `data:` response has a `Content-Length` header. */
  readonly dataUrlHasContentLength: boolean;
}

/** What the HTTP cache keeps and gives out, where the standards leave the choice. */
export interface HttpCacheRules {
  /** A response fetched without credentials is not given out to a request with credentials, nor the other way round. */
  readonly separatesCredentials: boolean;
  /** A response that the page is not allowed to see is stored all the same. */
  readonly storesBlockedResponses: boolean;
  /** A response of a server whose certificate is faulty, which the user overlooks, is stored like any other. */
  readonly storesDespiteCertificateErrors: boolean;
  /** A stored response that `Vary` keeps from a request is validated by its entity tag, instead of being forgotten. */
  readonly validatesOtherVariants: boolean;
  /** Statuses of responses that are fresh for ever if nothing is said about their freshness. */
  readonly implicitlyFreshStatuses: readonly number[];
}

/**
 * What the standards leave to the user agent, and what real browsers were measured to do differently from the Fetch
 * standard. Every entry that is not the standard's names, where it is set, a recorded scenario that shows it.
 */
export interface Profile {
  readonly name: ProfileName;
  readonly requestHeaders: RequestHeaderRules;
  readonly preflight: PreflightRules;
  readonly redirect: RedirectRules;
  readonly cookies: CookieRules;
  readonly httpCache: HttpCacheRules;
  readonly origin: OriginRules;
  readonly referrer: ReferrerRules;
  readonly fetchMetadata: FetchMetadataRules;
  readonly defaultHeaders: DefaultHeaderRules;
  readonly response: ResponseRules;
}
