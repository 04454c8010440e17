import type { Resource } from "../../resource/define-resource.ts";
import {
  checkState,
  isExclusive,
  judgePreconditions,
  PreconditionFailedError,
  preconditionFailed,
  requirePrecondition,
  stateHeaders,
} from "../../resource/judge-request.ts";
import { asksWhetherModified, isNotModified } from "../../resource/judge-response.ts";
import { createMutex, type Mutex } from "../../resource/mutex.ts";
import type { HeaderOf } from "../../resource/preconditions.ts";
import type { ProblemAnswer } from "../../resource/problem-details.ts";
import { carriesRepresentation, contentHeaders } from "../../resource/resource-content.ts";
import type { CurrentState } from "../../resource/resource-options.ts";
import { routeMethod } from "../../resource/route-method.ts";
import { serveMethod } from "../../unsafe-method/method-context.ts";
import { bodyAtHand } from "./body-at-hand.ts";
import { editResponse } from "./edit-response.ts";

type Handler<Arguments extends readonly unknown[]> = (...given: Arguments) => Response | PromiseLike<Response>;

/** Serves a request for a resource. */
export type FetchResourceServer<Arguments extends readonly unknown[]> = (
  request: Request,
  given: Arguments,
  route: string | null,
) => Promise<Response>;

/** A body longer than this is not measured for the answer to HEAD. */
const measuredLimit = 1_048_576;

/** Makes the server of a resource, where handlers return responses. */
export function createFetchResourceServer<Arguments extends readonly unknown[]>(
  resource: Resource<Handler<Arguments>, Arguments>,
): FetchResourceServer<Arguments> {
  const mutex = createMutex();
  return async (request, given, route) => {
    const { method } = request;
    const routed = routeMethod(resource, method);
    if (routed.handler === null) return answerResponse(routed.answer, method);
    const path = new URL(request.url).pathname;
    return serveMethod(method, route ?? path, resource.reportOnly, () =>
      serve(resource, request, given, routed.handler, { mutex, path }),
    );
  };
}

async function serve<Arguments extends readonly unknown[]>(
  resource: Resource<Handler<Arguments>, Arguments>,
  request: Request,
  given: Arguments,
  handler: Handler<Arguments>,
  { mutex, path }: { mutex: Mutex; path: string },
): Promise<Response> {
  const { method } = request;
  const headerOf: HeaderOf = (name) => request.headers.get(name);
  const required = requirePrecondition(resource, method, headerOf, Date.now());
  if (required !== null) return answerResponse(required, method);
  const hasHook = resource.validators !== undefined;
  const release = hasHook && isExclusive(method, headerOf) ? await mutex.acquire(path) : null;
  try {
    const state = hasHook ? checkState((await resource.validators?.(...given)) ?? null) : null;
    const judged = hasHook ? judgePreconditions(method, headerOf, state, Date.now()) : null;
    if (judged !== null) return answerResponse(judged, method);
    let response: Response;
    try {
      response = await handler(...given);
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error;
      return answerResponse(preconditionFailed(state === null ? null : { headers: state.headers }), method);
    }
    return await editRetrieval(response, method, headerOf, state);
  } finally {
    release?.();
  }
}

async function editRetrieval(
  response: Response,
  method: string,
  request: HeaderOf,
  state: CurrentState | null,
): Promise<Response> {
  const isHead = method === "HEAD";
  const isAsked = state === null && asksWhetherModified(method, request);
  const { status, statusText } = response;
  const added = (method === "GET" || isHead) && carriesRepresentation(status) ? stateHeaders(state) : [];
  const set = added.filter(([name]) => !response.headers.has(name));
  const edited = set.length === 0 ? response : editResponse(response, { set, remove: [], vary: [] });
  if (isAsked && isNotModified(method, request, (name) => response.headers.get(name), status, Date.now())) {
    await response.body?.cancel();
    const headers = new Headers(response.headers);
    for (const name of contentHeaders) headers.delete(name);
    return new Response(null, { status: 304, headers });
  }
  if (!isHead) return edited;
  const headers = new Headers(edited.headers);
  if (edited.body !== null) {
    if (headers.has("content-length")) await edited.body.cancel();
    else await measure(edited.body, headers);
  }
  return new Response(null, { status, statusText, headers });
}

/** GET would tell the length of a body that is there at once, so HEAD does. */
async function measure(body: ReadableStream<Uint8Array>, headers: Headers): Promise<void> {
  const { bytes, rest } = await bodyAtHand(body, measuredLimit);
  if (bytes !== null) headers.set("content-length", String(bytes.byteLength));
  rest?.pending.catch(() => {});
  await rest?.reader.cancel();
}

/** Answers without the handler. */
export function answerResponse({ status, headers, body }: ProblemAnswer, method: string): Response {
  const content = body === "" || method === "HEAD" ? null : body;
  return new Response(content, { status, headers: headers.map(([name, value]): [string, string] => [name, value]) });
}
