import type { Decision, HeaderEdits } from "../../decision/decision.ts";
import type { AsyncPolicy } from "../../policy/policy.ts";
import type { NodeResponse } from "./node-response.ts";

/** What is done to a response when its headers are sent. */
export interface Flush {
  readonly edits: HeaderEdits;
  /** Who decided it, and what; null for cross-origin protection. */
  readonly policy: AsyncPolicy | null;
  readonly decision: Decision | null;
  /** What else is to be done, decided before. */
  readonly earlier: Flush | undefined;
  /** What sent the head before `writeHead` was replaced. */
  readonly writeHead: WriteHead;
}

/** `writeHead` as it is called: a reason phrase may come before the headers. */
export type WriteHead = (this: NodeResponse, status: number, reason?: unknown, headers?: unknown) => unknown;

/** Sends the head of a response by `original`, with what `flush` does to it. */
export type SendHead = (
  response: NodeResponse,
  flush: Flush,
  original: WriteHead,
  status: number,
  reason: unknown,
  headers: unknown,
) => unknown;

/**
 * How to be there when the head of a response is sent:
 *
 * - `response`: its `writeHead` is replaced. That costs next to nothing, as all responses are of one shape.
 * - `prototype`: the `writeHead` of its prototype is, once. Express gives each response another prototype, after which
 *   it takes the engine some microseconds to add a property. These prototypes are there to be extended, and a listener
 *   keeps what the response would.
 * - `stream`: that of HTTP/2 is, since everything comes by there in the end.
 */
type Way =
  | { readonly kind: "response" | "stream" }
  | { readonly kind: "prototype"; readonly prototype: FlushedResponse; isPrepared: boolean };

const flushKey = Symbol.for("corsac.flush");

interface FlushedResponse extends NodeResponse {
  [flushKey]?: Flush;
  writeHead: WriteHead;
  on(event: symbol, listener: (asked: Found) => void): unknown;
  emit(event: symbol, asked: Found): unknown;
}

interface Found {
  flush: Flush | undefined;
}

/** The prototype alone decides. */
const ways = new WeakMap<object, Way>();
/** The last one asked for: in most processes it is the only one. */
let lastPrototype: object | null = null;
let lastWay: Way = { kind: "response" };

function wayOf(response: FlushedResponse): Way {
  const prototype = Object.getPrototypeOf(response) as object;
  if (prototype === lastPrototype) return lastWay;
  let way = ways.get(prototype);
  if (way === undefined) {
    way = findWay(response);
    ways.set(prototype, way);
  }
  lastPrototype = prototype;
  lastWay = way;
  return way;
}

function findWay(response: FlushedResponse): Way {
  if ("stream" in response) return { kind: "stream" };
  let below: FlushedResponse | null = null;
  let prototype = Object.getPrototypeOf(response) as FlushedResponse | null;
  while (prototype !== null && !Object.hasOwn(prototype, "writeHead")) {
    below = prototype;
    prototype = Object.getPrototypeOf(prototype);
  }
  if (prototype === null || !("emit" in response)) return { kind: "response" };
  // Another application was there first, or another copy of this module.
  if (flushKey in prototype.writeHead) return { kind: "prototype", prototype, isPrepared: true };
  // The one right under Node's own: all applications inherit from it, and responses go from one to another.
  return below === null ? { kind: "response" } : { kind: "prototype", prototype: below, isPrepared: false };
}

const found: Found = { flush: undefined };

/** Returns what is done to a response when its headers are sent; undefined while nothing is. */
export function flushOf(response: NodeResponse): Flush | undefined {
  const flushed = response as FlushedResponse;
  if (wayOf(flushed).kind !== "prototype") return flushed[flushKey];
  found.flush = undefined;
  // Listeners are called at once, and of several the last one has the last word.
  flushed.emit(flushKey, found);
  return found.flush;
}

/** Keeps with a response what is done to it, in place of what was kept before. */
export function keepFlush(response: NodeResponse, flush: Flush): void {
  const flushed = response as FlushedResponse;
  if (wayOf(flushed).kind === "prototype") keepByListener(flushed, flush);
  else flushed[flushKey] = flush;
}

function keepByListener(response: FlushedResponse, flush: Flush): void {
  response.on(flushKey, (asked) => {
    asked.flush = flush;
  });
}

/**
 * Keeps with a response what is done to it, and lets `send` send its head whenever `writeHead` is called.
 *
 * @param writeHead calls `send` too; for responses whose own `writeHead` is replaced
 * @returns false for a response whose stream has to be dealt with instead
 */
export function catchHead(response: NodeResponse, flush: Flush, send: SendHead, writeHead: WriteHead): boolean {
  const flushed = response as FlushedResponse;
  const way = wayOf(flushed);
  if (way.kind === "prototype") {
    if (!way.isPrepared) {
      way.isPrepared = true;
      preparePrototype(way.prototype, send);
    }
    keepByListener(flushed, flush);
    return true;
  }
  flushed[flushKey] = flush;
  if (way.kind === "stream") return false;
  flushed.writeHead = writeHead;
  return true;
}

function preparePrototype(prototype: FlushedResponse, send: SendHead): void {
  // Two applications may have found the same prototype before either had a response to deal with.
  if (Object.hasOwn(prototype, "writeHead")) return;
  const writeHead: WriteHead = function (this: NodeResponse, status, reason, headers) {
    const original = (Object.getPrototypeOf(prototype) as FlushedResponse).writeHead;
    const flush = flushOf(this);
    if (flush === undefined) return original.call(this, status, reason, headers);
    return send(this, flush, original, status, reason, headers);
  };
  Object.defineProperty(prototype, "writeHead", {
    value: Object.assign(writeHead, { [flushKey]: true }),
    configurable: true,
    writable: true,
  });
}
