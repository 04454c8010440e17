import type { CacheMode, CredentialsMode, RedirectMode, ReferrerPolicy, RequestMode } from "@corsac/protocol";
import { BodyMixin } from "./body-mixin.ts";
import type { FetchEnvironment } from "./fetch-environment.ts";
import { cloneHeaders, type Headers, headerListOf } from "./headers.ts";
import type { RequestInit } from "./request-init.ts";
import { createRequestState, type InputRequest, inputFromGlobalRequest, type RequestState } from "./request-state.ts";
import { defineInterface } from "./webidl.ts";

/** What `fetch` and `new Request` take: a URL, or a request, also one of Node's own. */
export type RequestInfo = Request | globalThis.Request | URL | string;

/** The state of a `Request` object, `null` for anything else; set by the class below. */
let requestStateOf: (value: unknown) => RequestState | null;

/**
 * The `Request` class. A page has a subclass of it that knows the page ({@link fetchApiFor}).
 *
 * @see https://fetch.spec.whatwg.org/#request-class
 */
export class Request extends BodyMixin {
  readonly #state: RequestState;
  #signal: AbortSignal | null = null;

  constructor(state: RequestState) {
    super(state.body, state.headers);
    this.#state = state;
  }

  get method(): string {
    return this.#state.method;
  }

  get url(): string {
    return this.#state.url.href;
  }

  get headers(): Headers {
    return this.#state.headers;
  }

  /** Empty: only requests that no script made have a destination. */
  get destination(): "" {
    this.#state;
    return "";
  }

  get referrer(): string {
    const { referrer } = this.#state;
    if (referrer === "no-referrer") return "";
    return referrer === "client" ? "about:client" : referrer.href;
  }

  get referrerPolicy(): ReferrerPolicy | "" {
    return this.#state.referrerPolicy;
  }

  get mode(): RequestMode {
    return this.#state.mode;
  }

  get credentials(): CredentialsMode {
    return this.#state.credentialsMode;
  }

  get cache(): CacheMode {
    return this.#state.cacheMode;
  }

  get redirect(): RedirectMode {
    return this.#state.redirectMode;
  }

  get integrity(): string {
    return this.#state.integrity;
  }

  get keepalive(): boolean {
    return this.#state.keepalive;
  }

  get isReloadNavigation(): boolean {
    this.#state;
    return false;
  }

  get isHistoryNavigation(): boolean {
    this.#state;
    return false;
  }

  /** Made when it is first asked for, since most requests never are. */
  get signal(): AbortSignal {
    const { signal } = this.#state;
    this.#signal ??= AbortSignal.any(signal === null ? [] : [signal]);
    return this.#signal;
  }

  get duplex(): "half" {
    this.#state;
    return "half";
  }

  clone(): Request {
    const { headers, body } = this.#state;
    if (body?.isUnusable) throw new TypeError("The body has been read already, or its stream is locked");
    const state: RequestState = {
      ...this.#state,
      headers: cloneHeaders(headers),
      body: body?.clone() ?? null,
      signal: this.signal,
    };
    // The prototype is that of the page's class, whose own constructor takes other arguments.
    return Reflect.construct(Request, [state], this.constructor);
  }

  static {
    requestStateOf = (value) => (typeof value === "object" && value !== null && #state in value ? value.#state : null);
  }
}

defineInterface("Request", Request, ({ method, url, mode, credentials, headers }) => {
  return { method, url, mode, credentials, headers };
});

/** A page's `Request` class. @see https://fetch.spec.whatwg.org/#dom-request */
export interface RequestConstructor {
  readonly prototype: Request;
  new (input: RequestInfo, init?: RequestInit): Request;
}

/** Makes the `Request` class of a page: its constructor resolves URLs and referrers against the page. */
export function createRequestClass(environment: FetchEnvironment): RequestConstructor {
  class PageRequest extends Request {
    constructor(input: RequestInfo, init?: RequestInit) {
      // biome-ignore lint/complexity/noArguments: WebIDL tells a missing argument from undefined, which is a URL.
      if (arguments.length === 0) throw new TypeError("new Request needs an argument");
      super(requestState(environment, input, init));
    }
  }
  Object.defineProperty(PageRequest, "name", { value: "Request", configurable: true });
  return PageRequest;
}

/**
 * The state of the request that `new Request(input, init)` makes, without the object.
 *
 * @throws {TypeError} as the constructor does
 */
export function requestState(environment: FetchEnvironment, input: unknown, init: unknown): RequestState {
  return createRequestState(environment, input, inputRequest(input), init);
}

function inputRequest(input: unknown): InputRequest | null {
  const state = requestStateOf(input);
  if (state !== null) return { ...state, headerList: headerListOf(state.headers), signal: (input as Request).signal };
  return input instanceof globalThis.Request ? inputFromGlobalRequest(input) : null;
}
