export {
  type BlockedFetch,
  type ConsoleMessage,
  type FinishedFetch,
  failingProblems,
} from "./console/console-message.ts";
export { type BrowserName, consoleMessages } from "./console/console-messages.ts";
export {
  type CorsCheckRequest,
  type CorsCheckResponse,
  type CorsCheckResult,
  corsCheck,
  corsCheckProblems,
} from "./cors/cors-check.ts";
export {
  corsPreflightGrant,
  corsPreflightHeaders,
  corsPreflightProblems,
  defaultMaxAge,
  type PreflightedRequest,
  type PreflightGrant,
  type PreflightProfile,
} from "./cors/cors-preflight.ts";
export {
  CorsPreflightCache,
  type PreflightCacheEntry,
  type PreflightCacheKey,
  type PreflightCacheOptions,
} from "./cors/cors-preflight-cache.ts";
export { type PreflightCandidate, type PreflightReason, preflightReasons } from "./cors/preflight-reasons.ts";
export { type DataUrl, dataUrlResponse } from "./fetch/data-url.ts";
export type { Exchange, NetworkErrorReason, NetworkRequest, NetworkResponse } from "./fetch/exchange.ts";
export type { FetchContext } from "./fetch/fetch-state.ts";
export { type FetchOutcome, keepaliveLimit, mainFetch } from "./fetch/main-fetch.ts";
export { type MixedContentInput, shouldBlockMixedContent } from "./fetch/mixed-content.ts";
export { isBadPort } from "./fetch/port-blocking.ts";
export { byteLowercase, isByteCaseInsensitiveMatch, isHttpTabOrSpace, isToken } from "./header/bytes.ts";
export {
  extractHeaderListValues,
  extractMaxAge,
  type HeaderValueAbnf,
} from "./header/extract-header-list-values.ts";
export {
  containsHeader,
  getDecodeAndSplit,
  getHeader,
  type Header,
  type HeaderList,
  headersWithout,
  isHeaderName,
  isHeaderValue,
  normalizeHeaderValue,
  sortAndCombine,
  splitHeaderValue,
  withHeader,
} from "./header/header-list.ts";
export {
  extractMimeType,
  isJavaScriptMimeType,
  type MimeType,
  mimeTypeEssence,
  parseMimeType,
  serializeMimeType,
} from "./header/mime-type.ts";
export { type ByteRange, canonicalRange, parseSingleRangeHeaderValue, type RangeParsing } from "./header/range.ts";
export {
  corsUnsafeRequestHeaderNames,
  isCorsNonWildcardRequestHeaderName,
  isCorsSafelistedRequestHeader,
  isCorsUnsafeRequestHeaderByte,
  isForbiddenRequestHeader,
  isForbiddenRequestHeaderName,
  isNoCorsSafelistedRequestHeader,
  isNoCorsSafelistedRequestHeaderName,
  isPrivilegedNoCorsRequestHeaderName,
  methodOverrideHeaderNames,
  requestBodyHeaderNames,
} from "./header/request-header.ts";
export { isCorsSafelistedResponseHeaderName, isForbiddenResponseHeaderName } from "./header/response-header.ts";
export { isCorsSafelistedMethod, isForbiddenMethod, isMethod, normalizeMethod } from "./method/method.ts";
export {
  isCacheableMethod,
  isIdempotentMethod,
  isSafeMethod,
  type MethodSemantics,
  methodRegistry,
  methodSemantics,
} from "./method/method-semantics.ts";
export {
  createOpaqueOrigin,
  isSameOrigin,
  type OpaqueOrigin,
  type Origin,
  originOf,
  parseOrigin,
  serializeOrigin,
  type TupleOrigin,
} from "./origin/origin.ts";
export {
  isSameSite,
  isSchemelesslySameSite,
  obtainSite,
  type RegistrableDomain,
  type Site,
  serializeSite,
} from "./origin/site.ts";
export { isLoopbackHost, isPotentiallyTrustworthyOrigin, isPotentiallyTrustworthyUrl } from "./origin/trustworthy.ts";
export type { Problem, ProblemCode, ProblemOf, ProblemStage } from "./problem/problem.ts";
export { type ProblemInfo, problemInfo } from "./problem/problem-info.ts";
export { chromium } from "./profile/chromium.ts";
export { firefox } from "./profile/firefox.ts";
export type {
  CookieRules,
  DefaultHeaderRules,
  FetchMetadataRules,
  HttpCacheRules,
  OriginRules,
  PreflightRules,
  Profile,
  ProfileName,
  RedirectRules,
  ReferrerRules,
  RequestHeaderRules,
  ResponseRules,
} from "./profile/profile.ts";
export { profiles } from "./profile/profiles.ts";
export { standard } from "./profile/standard.ts";
export { webkit } from "./profile/webkit.ts";
export {
  type FetchMetadataRequest,
  type FetchSite,
  fetchMetadataHeaders,
  fetchSite,
} from "./request/fetch-metadata.ts";
export { extractLocation, type Location } from "./request/location.ts";
export {
  httpRedirect,
  isHttpScheme,
  isRedirect,
  type RedirectableRequest,
  type Redirection,
  type RedirectResult,
  redirectLimit,
} from "./request/redirect.ts";
export {
  defaultReferrerPolicy,
  determineReferrer,
  isReferrerPolicy,
  parseReferrerPolicy,
  type ReferrerInput,
  type ReferrerPolicy,
  stripUrlForReferrer,
} from "./request/referrer.ts";
export {
  type CacheMode,
  type Client,
  type CredentialsMode,
  createRequest,
  type Destination,
  type EmbedderPolicy,
  type FetchRequest,
  type InitiatorType,
  type RedirectMode,
  type RequestBody,
  type RequestMode,
  type ResponseTainting,
} from "./request/request.ts";
export {
  hasRedirectTaint,
  type OriginHeaderRequest,
  requestOriginHeader,
  type SerializableOrigin,
  serializeRequestOrigin,
} from "./request/request-origin.ts";
export { isScriptLike } from "./request/script-like.ts";
export {
  crossOriginResourcePolicyCheck,
  type ResourcePolicyCheck,
  type ResourcePolicyResult,
} from "./response/cross-origin-resource-policy.ts";
export {
  basicFilteredResponse,
  corsExposedHeaderNames,
  corsFilteredResponse,
  type FilteredResponse,
  filterResponse,
  type InternalResponse,
  opaqueFilteredResponse,
  opaqueRedirectFilteredResponse,
} from "./response/filtered-response.ts";
export { shouldBlockDueToMimeType } from "./response/mime-blocking.ts";
export { determineNosniff, shouldBlockDueToNosniff } from "./response/nosniff.ts";
export { isNullBodyStatus, isOkStatus, isRangeStatus, isRedirectStatus } from "./response/status.ts";
export { misspeltName, nearestName } from "./spelling/nearest-name.ts";
