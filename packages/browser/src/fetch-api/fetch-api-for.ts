import { isUint8Array } from "node:util/types";
import type { FetchRequest, RequestBody } from "@corsac/protocol";
import type { FetchEnvironment } from "./fetch-environment.ts";
import { Headers, headerListOf } from "./headers.ts";
import { createRequestClass, type RequestConstructor, requestState } from "./request.ts";
import type { RequestState } from "./request-state.ts";
import {
  createNetworkResponse,
  createResponseClass,
  type NetworkResponseInit,
  type Response,
  type ResponseConstructor,
} from "./response.ts";

/**
 * What a request body's `payload` is: bytes; a `Blob`; a stream; or the promise of bytes, for a body that one of Node's
 * own `Request` objects had.
 */
type RequestPayload =
  | Blob
  | Promise<Uint8Array<ArrayBuffer>>
  | ReadableStream<Uint8Array<ArrayBuffer>>
  | Uint8Array<ArrayBuffer>;

/** What `fetch(input, init)` asks for, as the protocol's `FetchRequest` names it. */
export interface FetchInputs
  extends Pick<
    FetchRequest,
    | "body"
    | "cacheMode"
    | "credentialsMode"
    | "headers"
    | "integrity"
    | "keepalive"
    | "method"
    | "mode"
    | "redirectMode"
    | "referrer"
    | "referrerPolicy"
    | "url"
    | "useCorsPreflight"
  > {
  /** Aborts the fetch; `null` when nothing can. */
  readonly signal: AbortSignal | null;
}

/** The Fetch API of one page. */
export interface FetchApi {
  readonly Headers: typeof Headers;
  readonly Request: RequestConstructor;
  readonly Response: ResponseConstructor;
  /**
   * The steps of `fetch` before anything is fetched.
   *
   * @throws {TypeError} where `new Request(input, init)` does
   */
  fetchInputs(input: unknown, init: unknown): FetchInputs;
  /** Makes the `Response` of a fetch. */
  createNetworkResponse(init: NetworkResponseInit): Response;
}

/** Makes the Fetch API classes of a page. */
export function fetchApiFor(environment: FetchEnvironment): FetchApi {
  const response = createResponseClass(environment);
  return {
    Headers,
    Request: createRequestClass(environment),
    Response: response,
    fetchInputs: (input, init) => inputsOf(requestState(environment, input, init)),
    createNetworkResponse: (init) => createNetworkResponse(response, init),
  };
}

/** Waits for the bytes of a body whose payload is promised; rejects if they cannot be read. */
export async function settledBody(body: RequestBody): Promise<RequestBody> {
  const bytes = await (body.payload as Promise<Uint8Array<ArrayBuffer>>);
  return { payload: bytes, length: bytes.byteLength, replayable: true };
}

function inputsOf(state: RequestState): FetchInputs {
  const { headers, body, ...rest } = state;
  return { ...rest, headers: headerListOf(headers), body: body === null ? null : requestBody(body, rest.signal) };
}

function requestBody(body: NonNullable<RequestState["body"]>, signal: AbortSignal | null): FetchInputs["body"] {
  const payload: RequestPayload = body.source ?? checkedStream(body.stream, signal);
  return { payload, length: body.length, replayable: body.source !== null };
}

/**
 * A script's stream as it is sent: a chunk that is not bytes ends it, and with it the fetch. Aborting cancels it, so that
 * whoever fills it can stop.
 *
 * @see https://fetch.spec.whatwg.org/#abort-fetch
 */
function checkedStream(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal | null,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return stream.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        if (!isUint8Array(chunk)) throw new TypeError("A chunk of the body is not a Uint8Array");
        controller.enqueue(chunk);
      },
    }),
    signal === null ? {} : { signal },
  );
}
