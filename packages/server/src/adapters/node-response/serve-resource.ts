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
import { atHead } from "./at-head.ts";
import type { NodeRequest } from "./node-request.ts";
import type { NodeResponse } from "./node-response.ts";

/** How a framework on Node serves a resource. */
export interface NodeService<Arguments extends readonly unknown[]> {
  readonly request: NodeRequest;
  readonly response: NodeResponse;
  /** What handlers and hooks are called with. */
  readonly given: Arguments;
  /** The request target as it came. */
  readonly target: string;
  /** As the framework names it; else the path. */
  readonly route: string;
  answer(answer: ProblemAnswer): unknown;
}

type Handler<Arguments extends readonly unknown[]> = (...given: Arguments) => unknown;

/** Serves requests for a resource by Node's response, on which all frameworks of Node write in the end. */
export type NodeResourceServer<Arguments extends readonly unknown[]> = (service: NodeService<Arguments>) => unknown;

/** Makes the server of a resource. What it returns is what the handler returned, or a promise of it. */
export function createNodeResourceServer<Arguments extends readonly unknown[]>(
  resource: Resource<Handler<Arguments>, Arguments>,
): NodeResourceServer<Arguments> {
  const mutex = createMutex();
  return (service) => {
    const { request, response, given, route } = service;
    const method = request.method ?? "GET";
    const routed = routeMethod(resource, method);
    if (routed.handler === null) return service.answer(routed.answer);
    const { handler } = routed;
    if (resource.validators !== undefined) return serveJudged(resource, service, handler, mutex);
    const headerOf = createHeaderOf(request);
    if (method === "HEAD" || asksWhetherModified(method, headerOf)) editRetrieval(response, method, headerOf, null);
    return serveMethod(method, route, resource.reportOnly, () => caught(service, () => handler(...given), null));
  };
}

async function serveJudged<Arguments extends readonly unknown[]>(
  resource: Resource<Handler<Arguments>, Arguments>,
  service: NodeService<Arguments>,
  handler: Handler<Arguments>,
  mutex: Mutex,
): Promise<unknown> {
  const { request, response, given, route, target } = service;
  const method = request.method ?? "GET";
  const headerOf = createHeaderOf(request);
  const required = requirePrecondition(resource, method, headerOf, Date.now());
  if (required !== null) return service.answer(required);
  const release = isExclusive(method, headerOf) ? await mutex.acquire(target.replace(/\?.*$/s, "")) : null;
  let isServing = false;
  try {
    return await serveMethod(method, route, resource.reportOnly, async () => {
      // The hook only reads, and that is held against it even before a write.
      const state = checkState((await resource.validators?.(...given)) ?? null);
      const judged = judgePreconditions(method, headerOf, state, Date.now());
      if (judged !== null) return service.answer(judged);
      if (method === "GET" || method === "HEAD") editRetrieval(response, method, headerOf, state);
      isServing = true;
      return caught(service, () => handler(...given), state);
    });
  } finally {
    if (release !== null) {
      // Handlers with callbacks have returned long before they are done: they are done when the response is.
      if (isServing && !hasEnded(response)) onceEnded(response, release);
      else release();
    }
  }
}

/** Runs a handler; a failed precondition that it finds by itself is answered. */
function caught<Arguments extends readonly unknown[]>(
  service: NodeService<Arguments>,
  run: () => unknown,
  state: CurrentState | null,
): unknown {
  const recover = (error: unknown) => {
    if (!(error instanceof PreconditionFailedError)) throw error;
    // The state is the one before somebody else changed it.
    return service.answer(preconditionFailed(state === null ? null : { headers: state.headers }));
  };
  try {
    const result = run();
    return result instanceof Promise ? result.catch(recover) : result;
  } catch (error) {
    return recover(error);
  }
}

function editRetrieval(response: NodeResponse, method: string, request: HeaderOf, state: CurrentState | null): void {
  atHead(response, (_, status, length) => {
    const headerOf: HeaderOf = (name) => {
      const value = response.getHeader(name);
      return value === undefined ? null : String(value);
    };
    if (carriesRepresentation(status)) {
      for (const [name, value] of stateHeaders(state))
        if (response.getHeader(name) === undefined) response.setHeader(name, value);
    }
    if (state === null && isNotModified(method, request, headerOf, status, Date.now())) {
      for (const name of contentHeaders) response.removeHeader(name);
      return { status: 304, sendsContent: false };
    }
    const isHead = method === "HEAD";
    const hasLength = headerOf("content-length") !== null || headerOf("transfer-encoding") !== null;
    if (isHead && length !== null && length > 0 && !hasLength) response.setHeader("content-length", String(length));
    return { status, sendsContent: !isHead };
  });
}

function createHeaderOf({ headers }: NodeRequest): HeaderOf {
  return (name) => {
    const value = headers[name];
    return value === undefined ? null : typeof value === "string" ? value : value.join(", ");
  };
}

interface EndingResponse {
  readonly writableEnded?: boolean;
  readonly destroyed?: boolean;
  /** Of HTTP/2, whose response does not tell by itself. */
  readonly stream?: { readonly destroyed?: boolean };
  once(event: "close" | "finish", listener: () => void): unknown;
}

/** Also when the client has gone away: then no event comes any more, and whoever waits for one waits for ever. */
function hasEnded(response: NodeResponse): boolean {
  const { writableEnded, destroyed, stream } = response as unknown as EndingResponse;
  return writableEnded === true || destroyed === true || stream?.destroyed === true;
}

function onceEnded(response: NodeResponse, listener: () => void): void {
  const ending = response as unknown as EndingResponse;
  ending.once("finish", listener);
  ending.once("close", listener);
}
