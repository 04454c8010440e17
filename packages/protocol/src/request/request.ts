import type { HeaderList } from "../header/header-list.ts";
import type { Origin } from "../origin/origin.ts";
import type { ReferrerPolicy } from "./referrer.ts";

/** A request's mode. @see https://fetch.spec.whatwg.org/#concept-request-mode */
export type RequestMode = "cors" | "navigate" | "no-cors" | "same-origin" | "websocket";

/** A request's credentials mode. @see https://fetch.spec.whatwg.org/#concept-request-credentials-mode */
export type CredentialsMode = "include" | "omit" | "same-origin";

/** A request's redirect mode. @see https://fetch.spec.whatwg.org/#concept-request-redirect-mode */
export type RedirectMode = "error" | "follow" | "manual";

/** A request's cache mode. @see https://fetch.spec.whatwg.org/#concept-request-cache-mode */
export type CacheMode = "default" | "force-cache" | "no-cache" | "no-store" | "only-if-cached" | "reload";

/** A request's destination. @see https://fetch.spec.whatwg.org/#concept-request-destination */
export type Destination =
  | ""
  | "audio"
  | "document"
  | "font"
  | "frame"
  | "iframe"
  | "image"
  | "manifest"
  | "script"
  | "style"
  | "track"
  | "video"
  | "worker";

/** Which API or element starts a request. @see https://fetch.spec.whatwg.org/#request-initiator-type */
export type InitiatorType =
  | "audio"
  | "beacon"
  | "css"
  | "fetch"
  | "font"
  | "form"
  | "iframe"
  | "img"
  | "link"
  | "navigation"
  | "other"
  | "script"
  | "track"
  | "video"
  | "websocket"
  | "xmlhttprequest";

/** What a request's responses may show. @see https://fetch.spec.whatwg.org/#concept-request-response-tainting */
export type ResponseTainting = "basic" | "cors" | "opaque";

/** What an environment's embedder policy says. @see https://html.spec.whatwg.org/multipage/browsers.html#embedder-policy-value */
export type EmbedderPolicy = "credentialless" | "require-corp" | "unsafe-none";

/**
 * A request body. The core only looks at what decides about it; `payload` is handed through to whoever sends it.
 *
 * @see https://fetch.spec.whatwg.org/#concept-body
 */
export interface RequestBody {
  /** What the driver sends: bytes, a stream, anything that it understands. */
  readonly payload: unknown;
  /** Length in bytes, `null` when it is not known before it is sent. */
  readonly length: number | null;
  /** Whether it can be sent again: false for a body whose source is null (a stream). */
  readonly replayable: boolean;
}

/**
 * The environment settings object that a request comes from: a document, with what its embedders add to it.
 *
 * @see https://html.spec.whatwg.org/multipage/webappapis.html#environment-settings-object
 */
export interface Client {
  readonly origin: Origin;
  /** The URL a referrer is made of (the document's, or the embedder's for `about:srcdoc`). */
  readonly creationUrl: URL;
  /** The origin of the top-level document, the one in the address bar. */
  readonly topLevelOrigin: Origin;
  /** The origin of the document that embeds this one; `null` for a top-level document. */
  readonly embedderOrigin: Origin | null;
  /** Referrer policy of the document's policy container. */
  readonly referrerPolicy: ReferrerPolicy;
  readonly embedderPolicy: EmbedderPolicy;
  /** Whether an ancestor document has an origin of another site. */
  readonly hasCrossSiteAncestor: boolean;
}

/**
 * A request as it is given to {@link mainFetch}, which leaves it as it is.
 *
 * @see https://fetch.spec.whatwg.org/#concept-request
 */
export interface FetchRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderList;
  readonly body: RequestBody | null;
  /** `null` for what the user starts, such as a visit typed into the address bar. */
  readonly client: Client | null;
  readonly origin: Origin;
  readonly mode: RequestMode;
  readonly credentialsMode: CredentialsMode;
  readonly redirectMode: RedirectMode;
  readonly cacheMode: CacheMode;
  readonly destination: Destination;
  readonly initiatorType: InitiatorType;
  /** Set by `fetch()` and XMLHttpRequest: method and headers come from a script. */
  readonly unsafeRequest: boolean;
  /** Set by XMLHttpRequest with upload listeners: a preflight is needed whatever else is asked. */
  readonly useCorsPreflight: boolean;
  readonly referrer: URL | "client" | "no-referrer";
  readonly referrerPolicy: ReferrerPolicy | "";
  readonly integrity: string;
  readonly keepalive: boolean;
  /** Whether a navigation was started by the user's own act; it adds `Sec-Fetch-User`. */
  readonly userActivation: boolean;
}

/**
 * Creates a request. What `init` leaves out is as in a plain `fetch(url)`: method GET, mode cors, credentials
 * same-origin, redirects followed.
 *
 * @see https://fetch.spec.whatwg.org/#concept-request
 */
export function createRequest(
  url: URL,
  client: Client | null,
  origin: Origin,
  init: Partial<FetchRequest> = {},
): FetchRequest {
  return {
    method: "GET",
    url,
    headers: [],
    body: null,
    client,
    origin,
    mode: "cors",
    credentialsMode: "same-origin",
    redirectMode: "follow",
    cacheMode: "default",
    destination: "",
    initiatorType: "fetch",
    unsafeRequest: true,
    useCorsPreflight: false,
    referrer: "client",
    referrerPolicy: "",
    integrity: "",
    keepalive: false,
    userActivation: false,
    ...init,
  };
}
