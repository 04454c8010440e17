import { beginRequest, isUnkeyed, type KeyVerdict, replayHeader } from "../../idempotency/begin-request.ts";
import { hasRun, rememberRun } from "../../idempotency/idempotency-of.ts";
import type { IdempotencyRules } from "../../idempotency/idempotency-options.ts";
import type { ProblemAnswer } from "../../resource/problem-details.ts";
import { mergeVary } from "../merge-vary.ts";
import { captureResponse } from "./capture-response.ts";
import type { NodeRequest } from "./node-request.ts";
import type { NodeResponse } from "./node-response.ts";
import { peekBody } from "./peek-body.ts";

/** A request with what frameworks know of it. */
export interface KeyedNodeRequest<Scoped> {
  readonly request: NodeRequest;
  readonly response: NodeResponse;
  /** The request target as it came. */
  readonly target: string;
  /** What a body parser has made of the body, if there was one. */
  readonly parsed: unknown;
  /** What `scope` is asked about. */
  readonly scoped: Scoped;
}

/**
 * Applies keys to a request and its response.
 *
 * @returns whether the application is to go on. Otherwise the request is answered, or its client is gone.
 */
export function serveIdempotently<Scoped>(
  rules: IdempotencyRules<Scoped>,
  keyed: KeyedNodeRequest<Scoped>,
): boolean | Promise<boolean> {
  const { request } = keyed;
  const { method = "GET", headers } = request;
  const key = headers["idempotency-key"];
  if (isUnkeyed(rules, method, key === undefined ? null : String(key)) || hasRun(request)) return true;
  return serveKeyed(rules, keyed);
}

async function serveKeyed<Scoped>(rules: IdempotencyRules<Scoped>, keyed: KeyedNodeRequest<Scoped>): Promise<boolean> {
  const { request, response, target, parsed, scoped } = keyed;
  let isGone = false;
  const verdict: KeyVerdict = await beginRequest(
    rules,
    {
      method: request.method ?? "GET",
      target,
      headerOf: (name) => {
        const value = request.headers[name];
        return value === undefined ? null : [value].flat().join(", ");
      },
      readBody: async (limit) => {
        const body = await peekBody(request, limit, parsed);
        isGone = body === undefined;
        if (isGone) throw goneError;
        return body ?? null;
      },
    },
    scoped,
  ).catch((error) => {
    if (error === goneError) return { kind: "pass" };
    throw error;
  });
  if (isGone) return false;
  switch (verdict.kind) {
    case "pass":
      return true;
    case "answer":
      answer(response, verdict.answer);
      return false;
    case "replay": {
      const { status, headers, body } = verdict.response;
      answer(response, { status, headers: [...headers, [replayHeader, "true"]], body });
      return false;
    }
    case "run":
      rememberRun(request, verdict.run);
      captureResponse(response, verdict.run.maxResponseBytes, (stored) => verdict.run.finish(stored));
      return true;
  }
}

/** The client has gone away while it sent its request: nothing is carried out. */
const goneError = new Error("The client has gone away.");

/** Headers that something before the application has set for this response stay. */
function answer(
  response: NodeResponse,
  { status, headers, body }: Omit<ProblemAnswer, "body"> & { readonly body: string | Uint8Array },
): void {
  if (response.headersSent) return;
  const lines = new Map<string, string[]>();
  for (const [name, value] of headers) lines.set(name, [...(lines.get(name) ?? []), value]);
  for (const [name, values] of lines) {
    const existing = response.getHeader(name);
    if (name === "vary" && existing !== undefined) {
      response.setHeader(name, mergeVary(String(existing), values.join(", ").split(/\s*,\s*/)));
    } else if (existing === undefined) {
      const value = values.length === 1 ? values[0] : values;
      response.setHeader(name, value as string);
    }
  }
  response.statusCode = status;
  if (body.length === 0) response.end();
  else response.end(body as string);
}
