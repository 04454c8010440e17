import { containsHeader, type HeaderList, isNullBodyStatus, isOkStatus, isRedirectStatus } from "@corsac/protocol";
import type { BodySource } from "../body-source.ts";
import { Body, bytesBody } from "./body.ts";
import { BodyMixin } from "./body-mixin.ts";
import { type BodyInit, type BodyWithType, extractBody, toBodyInit } from "./extract-body.ts";
import type { FetchEnvironment } from "./fetch-environment.ts";
import {
  appendUnguarded,
  cloneHeaders,
  createHeaders,
  type Headers,
  type HeadersGuard,
  type HeadersInit,
  headerListOf,
  toHeaderPairs,
} from "./headers.ts";
import { defineInterface, toByteString, toDictionary, toDomString, toUnsignedShort } from "./webidl.ts";

/** A response's type. @see https://fetch.spec.whatwg.org/#responsetype */
export type ResponseType = "basic" | "cors" | "default" | "error" | "opaque" | "opaqueredirect";

/** The second argument of `new Response`. @see https://fetch.spec.whatwg.org/#responseinit */
export interface ResponseInit {
  headers?: HeadersInit | undefined;
  status?: number | undefined;
  statusText?: string | undefined;
}

/** What a `Response` object holds. @see https://fetch.spec.whatwg.org/#concept-response-response */
class ResponseState {
  readonly type: ResponseType;
  readonly url: string;
  readonly redirected: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly body: Body | null;

  constructor(state: {
    readonly type: ResponseType;
    readonly url?: string;
    readonly redirected?: boolean;
    readonly status: number;
    readonly statusText?: string;
    readonly headers: Headers;
    readonly body: Body | null;
  }) {
    this.type = state.type;
    this.url = state.url ?? "";
    this.redirected = state.redirected ?? false;
    this.status = state.status;
    this.statusText = state.statusText ?? "";
    this.headers = state.headers;
    this.body = state.body;
  }
}

/**
 * The `Response` class. A page has a subclass of it that knows the page ({@link fetchApiFor}).
 *
 * @see https://fetch.spec.whatwg.org/#response-class
 */
export class Response extends BodyMixin {
  readonly #state: ResponseState;

  constructor(body?: BodyInit | null, init?: ResponseInit) {
    // Only code of this folder has a ResponseState to give.
    const given: unknown = body;
    const state = given instanceof ResponseState ? given : scriptResponse(given, init);
    super(state.body, state.headers);
    this.#state = state;
  }

  get type(): ResponseType {
    return this.#state.type;
  }

  get url(): string {
    return this.#state.url;
  }

  get redirected(): boolean {
    return this.#state.redirected;
  }

  get status(): number {
    return this.#state.status;
  }

  get ok(): boolean {
    return isOkStatus(this.#state.status);
  }

  get statusText(): string {
    return this.#state.statusText;
  }

  get headers(): Headers {
    return this.#state.headers;
  }

  clone(): Response {
    const { headers, body } = this.#state;
    if (body?.isUnusable) throw new TypeError("The body has been read already, or its stream is locked");
    return construct(
      this.constructor,
      new ResponseState({
        ...this.#state,
        headers: cloneHeaders(headers),
        body: body?.clone() ?? null,
      }),
    );
  }
}

defineInterface("Response", Response, ({ type, status, statusText, url, redirected, headers, bodyUsed }) => {
  return { type, status, statusText, url, redirected, headers, bodyUsed };
});

/** A page's `Response` class. */
export interface ResponseConstructor {
  readonly prototype: Response;
  new (body?: BodyInit | null, init?: ResponseInit): Response;
  error(): Response;
  json(data: unknown, init?: ResponseInit): Response;
  redirect(url: string | URL, status?: number): Response;
}

/** Makes the `Response` class of a page: its `redirect` resolves URLs against the page. */
export function createResponseClass(environment: FetchEnvironment): ResponseConstructor {
  class PageResponse extends Response {
    static error(): Response {
      const headers = createHeaders([], "immutable");
      return construct(PageResponse, new ResponseState({ type: "error", status: 0, headers, body: null }));
    }

    static json(data: unknown, init?: ResponseInit): Response {
      const json = JSON.stringify(data);
      if (json === undefined) throw new TypeError("The value cannot be expressed as JSON");
      const body = bytesBody(new TextEncoder().encode(json));
      return construct(PageResponse, initializeResponse(toResponseInit(init), { body, type: "application/json" }));
    }

    static redirect(url: string | URL, status = 302): Response {
      return construct(PageResponse, redirectResponse(toDomString(url), toUnsignedShort(status), environment.baseUrl));
    }
  }
  Object.defineProperty(PageResponse, "name", { value: "Response", configurable: true });
  return PageResponse;
}

/** What a page's fetch makes a `Response` object of. */
export interface NetworkResponseInit {
  readonly type: ResponseType;
  readonly url: string;
  readonly redirected: boolean;
  readonly status: number;
  readonly statusText: string;
  /** As script may see them: already filtered. */
  readonly headers: HeaderList;
  readonly headersGuard: HeadersGuard;
  readonly body: BodySource | null;
}

/** Makes a `Response` object, of a page's class, of what came from the network. */
export function createNetworkResponse(responseClass: ResponseConstructor, init: NetworkResponseInit): Response {
  const fragment = init.url.indexOf("#");
  return construct(
    responseClass,
    new ResponseState({
      ...init,
      url: fragment === -1 ? init.url : init.url.slice(0, fragment),
      headers: createHeaders(init.headers, init.headersGuard),
      body: init.body === null ? null : new Body(init.body, null, null),
    }),
  );
}

/** `new Response` with a state. Reflection, because a user's subclass may have a constructor of its own. */
function construct(responseClass: unknown, state: ResponseState): Response {
  return Reflect.construct(Response, [state], responseClass as typeof Response);
}

interface ConvertedResponseInit {
  readonly headers: ReturnType<typeof toHeaderPairs> | undefined;
  readonly status: number;
  readonly statusText: string;
}

function toResponseInit(value: unknown): ConvertedResponseInit {
  const { headers, status, statusText } = toDictionary(value, "init");
  return {
    headers: headers === undefined ? undefined : toHeaderPairs(headers),
    status: status === undefined ? 200 : toUnsignedShort(status),
    statusText: statusText === undefined ? "" : toByteString(statusText),
  };
}

function scriptResponse(body: unknown, initValue: unknown): ResponseState {
  const object = body === undefined || body === null ? null : toBodyInit(body);
  const init = toResponseInit(initValue);
  return initializeResponse(init, object === null ? null : extractBody(object));
}

/** @see https://fetch.spec.whatwg.org/#initialize-a-response */
function initializeResponse(init: ConvertedResponseInit, bodyWithType: BodyWithType | null): ResponseState {
  if (init.status < 200 || init.status > 599)
    throw new RangeError(`The status ${init.status} is not within 200 and 599`);
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(init.statusText))
    throw new TypeError("The status text has a control character");
  const headers = createHeaders([], "response", init.headers);
  if (bodyWithType !== null) {
    if (isNullBodyStatus(init.status)) throw new TypeError(`A response with status ${init.status} cannot have a body`);
    const { type } = bodyWithType;
    if (type !== null && !containsHeader(headerListOf(headers), "content-type")) {
      appendUnguarded(headers, "Content-Type", type);
    }
  }
  const { status, statusText } = init;
  return new ResponseState({ type: "default", status, statusText, headers, body: bodyWithType?.body ?? null });
}

/** @see https://fetch.spec.whatwg.org/#dom-response-redirect */
function redirectResponse(url: string, status: number, baseUrl: URL): ResponseState {
  if (!URL.canParse(url, baseUrl.href)) throw new TypeError(`${JSON.stringify(url)} is not a URL`);
  if (!isRedirectStatus(status)) throw new RangeError(`${status} is not a redirect status`);
  const headers = createHeaders([["Location", new URL(url, baseUrl).href]], "immutable");
  return new ResponseState({ type: "default", status, headers, body: null });
}
