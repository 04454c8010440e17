import {
  type CacheMode,
  type CredentialsMode,
  containsHeader,
  type HeaderList,
  isCorsSafelistedMethod,
  isForbiddenMethod,
  isMethod,
  isSameOrigin,
  normalizeMethod,
  originOf,
  type RedirectMode,
  type ReferrerPolicy,
  type RequestMode,
} from "@corsac/protocol";
import { Body, streamOfBytes } from "./body.ts";
import { extractBody } from "./extract-body.ts";
import type { FetchEnvironment } from "./fetch-environment.ts";
import { appendUnguarded, createHeaders, type Headers, headerListOf } from "./headers.ts";
import { type ConvertedRequestInit, toRequestInit } from "./request-init.ts";
import { toDomString } from "./webidl.ts";

/**
 * What a `Request` object holds: the members of a request that a script can set.
 *
 * @see https://fetch.spec.whatwg.org/#concept-request-request
 */
export interface RequestState {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Body | null;
  readonly mode: RequestMode;
  readonly credentialsMode: CredentialsMode;
  readonly cacheMode: CacheMode;
  readonly redirectMode: RedirectMode;
  readonly referrer: URL | "client" | "no-referrer";
  readonly referrerPolicy: ReferrerPolicy | "";
  readonly integrity: string;
  readonly keepalive: boolean;
  readonly useCorsPreflight: boolean;
  /** What the request's own signal depends on. */
  readonly signal: AbortSignal | null;
}

/** The body of the request that another request is made of. */
interface InputBody {
  readonly isUnusable: boolean;
  readonly isStream: boolean;
  transfer(): Body;
}

/** The request that another request is made of. */
export interface InputRequest extends Omit<RequestState, "body" | "headers"> {
  readonly headerList: HeaderList;
  readonly body: InputBody | null;
}

/**
 * The steps of `new Request(input, init)`, for a page. `input` is already an {@link InputRequest} if it was a request.
 *
 * @throws {TypeError} as the constructor does
 * @see https://fetch.spec.whatwg.org/#dom-request
 */
export function createRequestState(
  environment: FetchEnvironment,
  input: unknown,
  inputRequest: InputRequest | null,
  initValue: unknown,
): RequestState {
  // WebIDL converts the arguments, in their order, before the first step.
  const inputUrl = inputRequest === null ? toDomString(input) : null;
  const init = toRequestInit(initValue);
  const isInitEmpty = Object.values(init).every((member) => member === undefined);
  const request = inputRequest ?? defaultRequest(parseRequestUrl(inputUrl ?? "", environment.baseUrl));
  // 9
  if (init.window !== undefined && init.window !== null) throw new TypeError("window can only be set to null");
  // 12 to 14
  const keepsReferrer = isInitEmpty;
  const referrer =
    init.referrer === undefined
      ? keepsReferrer
        ? request.referrer
        : "client"
      : parseReferrer(init.referrer, environment);
  const referrerPolicy = init.referrerPolicy ?? (keepsReferrer ? request.referrerPolicy : "");
  // 15 to 17
  if (init.mode === "navigate") throw new TypeError("A script cannot make a request with mode navigate");
  const inheritedMode = request.mode === "navigate" && !isInitEmpty ? "same-origin" : request.mode;
  const mode = init.mode ?? inheritedMode;
  const cacheMode = init.cache ?? request.cacheMode;
  // 20
  if (cacheMode === "only-if-cached" && mode !== "same-origin") {
    throw new TypeError("Cache mode only-if-cached needs mode same-origin");
  }
  const method = init.method === undefined ? request.method : validMethod(init.method);
  const keepalive = init.keepalive ?? request.keepalive;
  // 31 and 32
  if (mode === "no-cors" && !isCorsSafelistedMethod(method)) {
    throw new TypeError(`${method} is not a CORS-safelisted method, which mode no-cors needs`);
  }
  const guard = mode === "no-cors" ? "request-no-cors" : "request";
  const rules = environment.profile.requestHeaders;
  const headers = isInitEmpty
    ? createHeaders(request.headerList, guard, [], rules)
    : createHeaders([], guard, init.headers ?? request.headerList, rules);

  const { body, isStream } = takeBody(environment, init, request.body, { method, mode, keepalive, headers });
  return {
    method,
    url: request.url,
    headers,
    body,
    mode,
    credentialsMode: init.credentials ?? request.credentialsMode,
    cacheMode,
    redirectMode: init.redirect ?? request.redirectMode,
    referrer,
    referrerPolicy,
    integrity: init.integrity ?? request.integrity,
    keepalive,
    useCorsPreflight: isStream,
    signal: init.signal === undefined ? request.signal : init.signal,
  };
}

/** Steps 35 to 43: the body, and the headers that it brings. */
function takeBody(
  environment: FetchEnvironment,
  init: ConvertedRequestInit,
  inputBody: InputBody | null,
  request: Pick<RequestState, "headers" | "keepalive" | "method" | "mode">,
): { body: Body | null; isStream: boolean } {
  const hasInitBody = init.body !== undefined && init.body !== null;
  if (!hasInitBody && inputBody === null) return { body: null, isStream: false };
  if (request.method === "GET" || request.method === "HEAD") {
    throw new TypeError(`A request with method ${request.method} cannot have a body`);
  }
  let initBody: Body | null = null;
  if (init.body !== undefined && init.body !== null) {
    const { body, type } = extractBody(init.body, request.keepalive);
    initBody = body;
    if (type !== null && !containsHeader(headerListOf(request.headers), "content-type")) {
      const escapesGuard = environment.profile.requestHeaders.blobTypeEscapesNoCorsGuard && init.body instanceof Blob;
      if (escapesGuard) appendUnguarded(request.headers, "Content-Type", type);
      else request.headers.append("Content-Type", type);
    }
  }
  const isStream = (initBody ?? inputBody)?.isStream === true;
  if (isStream) {
    if (initBody !== null && init.duplex === undefined)
      throw new TypeError('A body that is a stream needs duplex: "half"');
    if (request.mode !== "same-origin" && request.mode !== "cors") {
      throw new TypeError(`A request with mode ${request.mode} cannot have a stream as body`);
    }
  }
  if (initBody !== null || inputBody === null) return { body: initBody, isStream };
  if (inputBody.isUnusable) throw new TypeError("The body of the request has been read already, or is locked");
  return { body: inputBody.transfer(), isStream };
}

/**
 * Takes over one of Node's own `Request` objects, which users have at hand as a global.
 *
 * Differs: its body is read at once, because Node does not tell whether it was made of a stream.
 */
export function inputFromGlobalRequest(request: globalThis.Request): InputRequest {
  const { referrer } = request;
  return {
    method: request.method,
    url: new URL(request.url),
    headerList: [...request.headers],
    mode: request.mode,
    credentialsMode: request.credentials,
    cacheMode: request.cache as CacheMode,
    redirectMode: request.redirect,
    referrer: referrer === "" ? "no-referrer" : referrer === "about:client" ? "client" : new URL(referrer),
    referrerPolicy: request.referrerPolicy as ReferrerPolicy | "",
    integrity: request.integrity,
    keepalive: request.keepalive,
    useCorsPreflight: false,
    signal: request.signal,
    body: request.body === null ? null : globalBody(request),
  };
}

function globalBody(request: globalThis.Request): InputBody {
  return {
    isUnusable: request.bodyUsed || request.body?.locked === true,
    isStream: false,
    transfer() {
      const bytes = request.arrayBuffer().then((buffer) => new Uint8Array(buffer));
      // Whoever reads the body learns of the failure; nobody has to.
      bytes.catch(() => {});
      return new Body({ bytes: () => bytes, stream: () => streamOfBytes(() => bytes), cancel() {} }, bytes, null);
    },
  };
}

function defaultRequest(url: URL): InputRequest {
  return {
    method: "GET",
    url,
    headerList: [],
    mode: "cors",
    credentialsMode: "same-origin",
    cacheMode: "default",
    redirectMode: "follow",
    referrer: "client",
    referrerPolicy: "",
    integrity: "",
    keepalive: false,
    useCorsPreflight: false,
    signal: null,
    body: null,
  };
}

function parseRequestUrl(input: string, baseUrl: URL): URL {
  const url = parseUrl(input, baseUrl);
  if (url.username !== "" || url.password !== "") throw new TypeError("The URL of a request cannot have credentials");
  return url;
}

function parseReferrer(referrer: string, environment: FetchEnvironment): RequestState["referrer"] {
  if (referrer === "") return "no-referrer";
  const url = parseUrl(referrer, environment.baseUrl);
  const isAboutClient = url.protocol === "about:" && url.pathname === "client";
  return isAboutClient || !isSameOrigin(originOf(url), environment.origin) ? "client" : url;
}

function parseUrl(input: string, baseUrl: URL): URL {
  try {
    return new URL(input, baseUrl);
  } catch (cause) {
    throw new TypeError(`${JSON.stringify(input)} is not a URL`, { cause });
  }
}

function validMethod(method: string): string {
  if (!isMethod(method)) throw new TypeError(`${JSON.stringify(method)} is not a method`);
  if (isForbiddenMethod(method)) throw new TypeError(`${method} is a forbidden method`);
  return normalizeMethod(method);
}
