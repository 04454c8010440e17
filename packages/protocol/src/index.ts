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
  isNoCorsSafelistedRequestHeader,
  isNoCorsSafelistedRequestHeaderName,
  isPrivilegedNoCorsRequestHeaderName,
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
export {
  defaultReferrerPolicy,
  determineReferrer,
  isReferrerPolicy,
  parseReferrerPolicy,
  type ReferrerInput,
  type ReferrerPolicy,
  stripUrlForReferrer,
} from "./request/referrer.ts";
export { isScriptLike } from "./request/script-like.ts";
export { shouldBlockDueToMimeType } from "./response/mime-blocking.ts";
export { determineNosniff, shouldBlockDueToNosniff } from "./response/nosniff.ts";
export { isNullBodyStatus, isOkStatus, isRangeStatus, isRedirectStatus } from "./response/status.ts";
