import type { Decision, HeaderEdits } from "../../decision/decision.ts";
import type { AsyncPolicy } from "../../policy/policy.ts";
import { editGivenHeaders, varyOf } from "./edit-given-headers.ts";
import type { GivenHeaders, NodeResponse } from "./node-response.ts";

/** What is done to a response when its headers are sent. */
export interface Flush {
  readonly edits: HeaderEdits;
  /** Whose decision the edits are of; null for edits of something else. */
  readonly policy: AsyncPolicy | null;
  readonly decision: Decision | null;
  /** What else is to be done, decided before. */
  readonly earlier: Flush | undefined;
}

type WriteHead = (this: NodeResponse, status: number, reason?: unknown, headers?: unknown) => unknown;
/** `respond(headers, …)`, or one of its kin which take what to send as their first argument. */
type Respond = (this: NodeStream, ...args: unknown[]) => unknown;
type RespondName = "respond" | "respondWithFD" | "respondWithFile";
type NodeStream = { [name in RespondName]: Respond };

const flushKey = Symbol("corsac.flush");
const writeHeadKey = Symbol("corsac.writeHead");

interface FlushedResponse {
  [flushKey]?: Flush;
  [writeHeadKey]?: WriteHead;
  writeHead: WriteHead;
  readonly stream?: NodeStream;
}

/** Returns what is going to be done to a response. */
export function flushOf(response: NodeResponse): Flush | undefined {
  return (response as unknown as FlushedResponse)[flushKey];
}

/**
 * Edits the headers of a response at the moment they are sent, whoever sends them: handlers, error handlers and raw
 * replies all come by `writeHead`, also when nobody calls it by name.
 *
 * The function put in the place of `writeHead` is the same for all responses and finds the edits in the response, since
 * a closure for each request costs more than all the rest.
 */
export function editAtFlush(
  response: NodeResponse,
  edits: HeaderEdits,
  policy: AsyncPolicy | null = null,
  decision: Decision | null = null,
): void {
  const flushed = response as unknown as FlushedResponse;
  const earlier = flushed[flushKey];
  flushed[flushKey] = { edits, policy, decision, earlier };
  if (earlier !== undefined) return;
  if (flushed.stream === undefined) {
    flushed[writeHeadKey] = flushed.writeHead;
    flushed.writeHead = writeHead;
  } else {
    editStreamAtFlush(flushed.stream, response);
  }
}

/** Edits the headers of a response now. */
export function editNow(response: NodeResponse, edits: HeaderEdits): void {
  for (const name of edits.remove) if (response.hasHeader(name)) response.removeHeader(name);
  for (const [name, value] of edits.set) response.setHeader(name, value);
  if (edits.vary.length === 0) return;
  const vary = varyOf(response.getHeader("vary"), edits);
  if (vary !== null) response.setHeader("vary", vary);
}

const writeHead: WriteHead = function (this: NodeResponse, status, reason, headers) {
  const original = (this as unknown as FlushedResponse)[writeHeadKey] as WriteHead;
  // The original tells that it comes too late; and 101 hands the connection over to another protocol.
  if (this.headersSent || status === 101) return original.call(this, status, reason, headers);
  const isReasonGiven = typeof reason === "string";
  let given = (isReasonGiven ? headers : (headers ?? reason)) as GivenHeaders | null | undefined;
  for (let flush = flushOf(this); flush !== undefined; flush = flush.earlier) {
    if (given === undefined || given === null) {
      editNow(this, flush.edits);
    } else {
      for (const name of flush.edits.remove) if (this.hasHeader(name)) this.removeHeader(name);
      given = editGivenHeaders(given, flush.edits, this.getHeader("vary"));
    }
  }
  return isReasonGiven ? original.call(this, status, reason, given) : original.call(this, status, given);
};

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
        given = editGivenHeaders(given, flush.edits, undefined);
      }
      args[index] = given;
      return original.apply(this, args);
    };
  }
}
