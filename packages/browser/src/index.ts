export type { BodySource } from "./body-source.ts";
export { Browser, type BrowserOptions, type OpenOptions } from "./browser.ts";
export { BrowserError, type BrowserErrorCode } from "./browser-error.ts";
export type { Cookie, CookieReason, CookieReport } from "./cookies/cookie.ts";
export type { CookieJar } from "./cookies/cookie-jar.ts";
export type { EventSource, EventSourceInit } from "./event-source/event-source.ts";
export type { BodyInit } from "./fetch-api/extract-body.ts";
export type { Headers, HeadersInit } from "./fetch-api/headers.ts";
export type { Request, RequestConstructor, RequestInfo } from "./fetch-api/request.ts";
export type { RequestInit } from "./fetch-api/request-init.ts";
export type { Response, ResponseConstructor, ResponseInit, ResponseType } from "./fetch-api/response.ts";
export type { InspectedFetch, Inspector } from "./inspector.ts";
export { type CorsMatchers, corsMatchers, type MatcherResult } from "./matchers.ts";
export type { FormEnctype, FormSubmission } from "./page/form.ts";
export {
  type AttemptOptions,
  type FrameInit,
  type NavigationResult,
  type NavigationTarget,
  Page,
  type PreflightResult,
} from "./page/page.ts";
export type { SubresourceInit, SubresourceKind, SubresourceResult } from "./page/subresource.ts";
export { registrableDomain } from "./site.ts";
export type { WebHandler } from "./transport/call-web-handler.ts";
export type { ConnectOptions } from "./transport/connect-options.ts";
export type { RouteHandler } from "./transport/routes.ts";
