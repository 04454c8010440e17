import type { Decision, HeaderEdits } from "../../decision/decision.ts";
import type { AsyncPolicy } from "../../policy/policy.ts";
import { mergeVary } from "../merge-vary.ts";
import { editGivenHeaders } from "./edit-given-headers.ts";
import { findHeaderStore, type HeaderStore, headerStoreOf } from "./header-store.ts";
import type { GivenHeaders, NodeResponse } from "./node-response.ts";

/** What is done to a response when its headers are sent. */
interface Flush {
  readonly edits: HeaderEdits;
  /** What the edits are part of; null for those of cross-origin protection. */
  readonly applied: AppliedPolicy | null;
  /** What else is to be done, decided before. */
  readonly earlier: Flush | undefined;
  /** The response's own way to send its headers. */
  readonly writeHead: WriteHead;
}

type WriteHead = (this: NodeResponse, status: number, reason?: unknown, headers?: unknown) => unknown;
/** `respond(headers, …)`, or one of its kin which take what to send as their first argument. */
type Respond = (this: NodeStream, ...args: unknown[]) => unknown;
type RespondName = "respond" | "respondWithFD" | "respondWithFile";
type NodeStream = { [name in RespondName]: Respond };

const flushKey = Symbol.for("corsac.flush");

interface FlushedResponse {
  [flushKey]?: Flush;
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
  let flush = (response as unknown as FlushedResponse)[flushKey];
  while (flush !== undefined && flush.applied === null) flush = flush.earlier;
  return flush?.applied ?? null;
}

/**
 * Edits the headers of a response at the moment they are sent, whoever sends them: handlers, error handlers and raw
 * replies all come by `writeHead`, also when nobody calls it by name.
 *
 * The function put in the place of `writeHead` is the same for all responses and finds the edits in the response, since
 * a closure for each request costs more than all the rest.
 */
export function editAtFlush(response: NodeResponse, edits: HeaderEdits, applied: AppliedPolicy | null = null): void {
  const flushed = response as unknown as FlushedResponse;
  const earlier = flushed[flushKey];
  if (earlier !== undefined) {
    flushed[flushKey] = { edits, applied, earlier, writeHead: earlier.writeHead };
    return;
  }
  flushed[flushKey] = { edits, applied, earlier, writeHead: flushed.writeHead };
  if (flushed.stream === undefined) flushed.writeHead = writeHead;
  else editStreamAtFlush(flushed.stream, response);
}

/**
 * Sends the head that a policy decided on, and nothing else. As nobody comes between, the response stays as Node made it,
 * and in most of them no header has been set yet: then they are given with the head, which spares Node to keep them.
 */
export function endWith(response: NodeResponse, status: number, edits: HeaderEdits, applied: AppliedPolicy): void {
  const flushed = response as unknown as FlushedResponse;
  if (flushed[flushKey] !== undefined) {
    editAtFlush(response, edits, applied);
  } else {
    flushed[flushKey] = { edits, applied, earlier: undefined, writeHead: flushed.writeHead };
    // With any other status, Node tells the length of what is ended at once.
    if (status === 204 && flushed.stream === undefined && response.getHeaderNames().length === 0) {
      flushed.writeHead.call(response, status, recordOf(edits));
      response.end();
      return;
    }
    editNow(response, edits);
  }
  response.statusCode = status;
  response.end();
}

function recordOf({ set, vary }: HeaderEdits): Record<string, string> {
  const record: Record<string, string> = {};
  for (const header of set) record[header[0]] = header[1];
  if (vary.length > 0) record.vary = mergeVary(null, vary);
  return record;
}

/** Edits the headers of a response now. */
export function editNow(response: NodeResponse, { set, remove, vary }: HeaderEdits): void {
  let store = headerStoreOf(response);
  const existingVary = removeHeaders(response, store, remove);
  for (const header of set) {
    setHeader(response, store, header[0], header[1]);
    // Node makes it for the first header.
    store ??= headerStoreOf(response);
  }
  if (vary.length > 0) setHeader(response, store, "vary", mergeVary(existingVary, vary));
}

/** Everything that may not stand in the value of a header. */
const invalid = /[^\t\x20-\x7e\x80-\xff]/;

function setHeader(response: NodeResponse, store: HeaderStore | null, name: string, value: string): void {
  if (store !== null && !invalid.test(value)) {
    store[name] = [name, value];
    return;
  }
  response.setHeader(name, value);
  findHeaderStore(response, name, value);
}

/** Removes headers that are set, and returns `Vary`. */
function removeHeaders(response: NodeResponse, store: HeaderStore | null, names: readonly string[]): string | null {
  if (store !== null) {
    for (const name of names) if (name in store) response.removeHeader(name);
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

const writeHead: WriteHead = function (this: NodeResponse, status, reason, headers) {
  const last = (this as unknown as FlushedResponse)[flushKey] as Flush;
  const original = last.writeHead;
  // The original tells that it comes too late; and 101 hands the connection over to another protocol.
  if (this.headersSent || status === 101) return original.call(this, status, reason, headers);
  const isReasonGiven = typeof reason === "string";
  let given = (isReasonGiven ? headers : (headers ?? reason)) as GivenHeaders | null | undefined;
  for (let flush: Flush | undefined = last; flush !== undefined; flush = flush.earlier) {
    if (given === undefined || given === null) editNow(this, flush.edits);
    else given = editGivenHeaders(given, flush.edits, removeHeaders(this, headerStoreOf(this), flush.edits.remove));
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
      for (let flush = (response as unknown as FlushedResponse)[flushKey]; flush !== undefined; flush = flush.earlier) {
        given = editGivenHeaders(given, flush.edits, null);
      }
      args[index] = given;
      return original.apply(this, args);
    };
  }
}
