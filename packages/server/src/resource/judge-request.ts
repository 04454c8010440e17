import { isSafeMethod } from "@corsac/protocol";
import type { Resource } from "./define-resource.ts";
import { isEntityTag } from "./entity-tag.ts";
import { serializeHttpDate } from "./http-date.ts";
import { evaluatePreconditions, type HeaderOf, isConditional } from "./preconditions.ts";
import { type ProblemAnswer, problemAnswer } from "./problem-details.ts";
import type { CurrentState } from "./resource-options.ts";

/** Thrown by a handler that finds, when it writes, that the resource has changed since: the request is answered with 412. */
export class PreconditionFailedError extends Error {
  override readonly name = "PreconditionFailedError";
  readonly status = 412;

  constructor(message = "The resource has changed since the client read it.") {
    super(message);
  }
}

/**
 * Reports whether requests by the method have to wait for each other, so that the state that one was judged by is still
 * the state that it changes.
 */
export function isExclusive(method: string, headerOf: HeaderOf): boolean {
  if (isSafeMethod(method)) return false;
  return method !== "POST" || headerOf("if-match") !== null || headerOf("if-none-match") !== null;
}

/** Answers an unconditional request where a conditional one is required; null otherwise. */
export function requirePrecondition(
  resource: Resource<unknown, never>,
  method: string,
  headerOf: HeaderOf,
  now: number,
): ProblemAnswer | null {
  if (!resource.conditionalMethods.has(method) || isConditional(headerOf, now)) return null;
  return problemAnswer(
    428,
    "precondition-required",
    "The request has to say which state of the resource it is meant for.",
    "Send If-Match with the ETag that GET gave, or If-None-Match: * to create the resource.",
  );
}

/**
 * Answers a request whose preconditions decide it; null when it is to be carried out.
 *
 * @param state of the resource now; null while there is none
 * @param now milliseconds since 1970
 */
export function judgePreconditions(
  method: string,
  headerOf: HeaderOf,
  state: CurrentState | null,
  now: number,
): ProblemAnswer | null {
  switch (evaluatePreconditions(method, headerOf, state, now)) {
    case "failed":
      return preconditionFailed(state);
    case "not-modified":
      return { status: 304, headers: stateHeaders(state), body: "" };
    case "met":
    case "none":
      return null;
  }
}

/** The answer to a request that is meant for another state of the resource. */
export function preconditionFailed(state: CurrentState | null): ProblemAnswer {
  return problemAnswer(
    412,
    "precondition-failed",
    "The resource is not in the state that the request is meant for.",
    "Read it again, apply the change to what is there now, and send it with the new ETag.",
    { headers: stateHeaders(state).filter(([name]) => name === "etag") },
  );
}

/** The headers that tell the state of a resource, in lower case. */
export function stateHeaders(state: CurrentState | null): [name: string, value: string][] {
  if (state === null) return [];
  const headers: [string, string][] = Object.entries(state.headers ?? {});
  if (state.etag !== undefined) headers.push(["etag", state.etag]);
  if (state.lastModified !== undefined) headers.push(["last-modified", serializeHttpDate(state.lastModified)]);
  return headers;
}

/**
 * Checks what an application's `validators` gave.
 *
 * @throws {TypeError} when the tag is none: without quotes it would never match
 */
export function checkState(state: CurrentState | null): CurrentState | null {
  const etag: string | undefined = state?.etag;
  if (etag !== undefined && !isEntityTag(etag)) {
    throw new TypeError(`validators gave ${JSON.stringify(etag)} as etag: write entityTag(${JSON.stringify(etag)}).`);
  }
  return state;
}
