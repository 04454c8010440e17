import type { Decision, HeaderEdits, PreflightDecision, RefuseDecision } from "../../decision/decision.ts";
import type { AsyncPolicy } from "../../policy/policy.ts";
import { mergeVary } from "../merge-vary.ts";
import { editGivenHeaders, listHeaders } from "./edit-given-headers.ts";
import { planOf } from "./edit-plan.ts";
import { catchHead, type Flush, flushOf, keepFlush, type SendHead, type WriteHead } from "./flush.ts";
import { findHeaderStore, type HeaderStore, headerStoreOf } from "./header-store.ts";
import type { GivenHeaders, NodeHeaderValue, NodeResponse } from "./node-response.ts";
import { isNodesOwn } from "./nodes-own.ts";

type NodeStream = { [name in RespondName]: Respond };
type RespondName = "respond" | "respondWithFD" | "respondWithFile";
/** `respond(headers, …)`, or one of its kin which take what to send as their first argument. */
type Respond = (this: NodeStream, ...args: unknown[]) => unknown;

interface FlushedResponse extends NodeResponse {
  writeHead: WriteHead;
  readonly stream?: NodeStream;
}

/** What a policy decided about a response. */
export interface AppliedPolicy {
  readonly policy: AsyncPolicy;
  readonly decision: Decision;
}

/** Returns what a policy decided about a response; null when none did yet. */
export function appliedPolicyOf(response: NodeResponse): AppliedPolicy | null {
  let flush = flushOf(response);
  while (flush !== undefined && flush.policy === null) flush = flush.earlier;
  return (flush as AppliedPolicy | undefined) ?? null;
}

/** Applies a decision to a response at the moment its headers are sent; see {@link editAtFlush}. */
export function applyAtFlush(response: NodeResponse, policy: AsyncPolicy, decision: Decision): void {
  atFlush(response, decision.edits, policy, decision);
}

/**
 * Edits the headers of a response at the moment they are sent, whoever sends them: handlers, error handlers and raw
 * replies all come by `writeHead`, also when nobody calls it by name.
 */
export function editAtFlush(response: NodeResponse, edits: HeaderEdits): void {
  atFlush(response, edits, null, null);
}

function atFlush(
  response: NodeResponse,
  edits: HeaderEdits,
  policy: AsyncPolicy | null,
  decision: Decision | null,
): void {
  const flushed = response as FlushedResponse;
  const earlier = flushOf(response);
  const flush = { edits, policy, decision, earlier, writeHead: earlier?.writeHead ?? flushed.writeHead };
  if (earlier !== undefined) keepFlush(response, flush);
  else if (!catchHead(response, flush, sendHead, writeHead)) editStreamAtFlush(flushed.stream as NodeStream, response);
}

/**
 * Sends the head that a policy decided on, and nothing else. As nobody comes between, the response stays as Node made it,
 * and in most of them no header has been set yet: then they are given with the head, which spares Node to keep them.
 */
export function endWith(
  response: NodeResponse,
  policy: AsyncPolicy,
  decision: PreflightDecision | RefuseDecision,
): void {
  const { edits, status } = decision;
  if (flushOf(response) !== undefined) applyAtFlush(response, policy, decision);
  else {
    const { stream, writeHead } = response as FlushedResponse;
    // With any other status, Node tells the length of what is ended at once.
    if (status === 204 && stream === undefined && response.getHeaderNames().length === 0) {
      writeHead.call(
        response,
        status,
        isNodesOwn(writeHead) ? listHeaders({}, planOf(edits)) : editGivenHeaders({}, edits, null),
      );
      response.end();
      keepFlush(response, { edits, policy, decision, earlier: undefined, writeHead });
      return;
    }
    editNow(response, edits);
    keepFlush(response, { edits, policy, decision, earlier: undefined, writeHead });
  }
  response.statusCode = status;
  response.end();
}

/** Edits the headers of a response now. */
export function editNow(response: NodeResponse, edits: HeaderEdits): void {
  const plan = planOf(edits);
  const { set, vary, newVary } = plan;
  const existingVary = removeHeaders(response, headerStoreOf(response), plan.remove);
  for (let index = 0; index < set.length; index += 2) {
    setHeader(response, set[index] as string, set[index + 1] as string, plan.isValid);
  }
  if (newVary === null) return;
  setHeader(response, "vary", existingVary === null ? newVary : mergeVary(existingVary, vary), plan.isValid);
}

function setHeader(response: NodeResponse, name: string, value: string, isValid: boolean): void {
  // Node makes the store for the first header.
  const store = isValid ? headerStoreOf(response) : null;
  if (store !== null) {
    store[name] = [name, value];
    return;
  }
  response.setHeader(name, value);
  findHeaderStore(response, name, value);
}

/** Removes headers that are set, and returns `Vary`. */
function removeHeaders(response: NodeResponse, store: HeaderStore | null, names: readonly string[]): string | null {
  if (store !== null) {
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index] as string;
      if (store[name] !== undefined) response.removeHeader(name);
    }
    const vary = store.vary;
    return vary === undefined ? null : String(vary[1]);
  }
  // Most responses have few headers and none of these: looking through their names is cheaper than asking for each.
  let vary: string | null = null;
  for (const name of response.getHeaderNames()) {
    if (name === "vary") vary = String(response.getHeader(name));
    else if (names.includes(name)) response.removeHeader(name);
  }
  return vary;
}

/**
 * In the place of `writeHead`: the same for all responses, since a function for each request costs more than all the
 * rest.
 */
const writeHead: WriteHead = function (this: NodeResponse, status, reason, headers) {
  const flush = flushOf(this) as Flush;
  return sendHead(this, flush, flush.writeHead, status, reason, headers);
};

const sendHead: SendHead = (response, last, original, status, reason, headers) => {
  // The original tells that it comes too late; and 101 hands the connection over to another protocol.
  if (response.headersSent || status === 101) return original.call(response, status, reason, headers);
  const isReasonGiven = typeof reason === "string";
  let given = (isReasonGiven ? headers : (headers ?? reason)) as GivenHeaders | null | undefined;
  for (let flush: Flush | undefined = last; flush !== undefined; flush = flush.earlier) {
    if (given === undefined || given === null) editNow(response, flush.edits);
    else given = editGiven(response, original, given, flush.edits);
  }
  return isReasonGiven ? original.call(response, status, reason, given) : original.call(response, status, given);
};

function editGiven(response: NodeResponse, original: WriteHead, given: GivenHeaders, edits: HeaderEdits): GivenHeaders {
  const store = headerStoreOf(response);
  if (store === null && isNodesOwn(original) && !Array.isArray(given) && response.getHeaderNames().length === 0) {
    return listHeaders(given as Readonly<Record<string, NodeHeaderValue>>, planOf(edits));
  }
  return editGivenHeaders(given, edits, removeHeaders(response, store, edits.remove));
}

/** With HTTP/2 an application can also answer by the stream, which is where everything comes by in the end. */
function editStreamAtFlush(stream: NodeStream, response: NodeResponse): void {
  for (const [name, index] of [
    ["respond", 0],
    ["respondWithFD", 1],
    ["respondWithFile", 1],
  ] as const) {
    const original = stream[name];
    stream[name] = function (...args) {
      let given = (args[index] ?? {}) as GivenHeaders;
      for (let flush = flushOf(response); flush !== undefined; flush = flush.earlier) {
        given = editGivenHeaders(given, flush.edits, null);
      }
      args[index] = given;
      return original.apply(this, args);
    };
  }
}
