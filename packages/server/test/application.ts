import type { ProtectionArgument } from "../src/adapters/node.ts";
import type { AsyncPolicy } from "../src/index.ts";

/**
 * What the application of every harness does at a path of that name. Each framework does it in its own way, since the
 * ways are what is tested.
 */
export const behaviours = {
  /** Answers with text. */
  text: { vary: "Origin" },
  /** Answers GET and POST with {@link tags}. */
  tagged: { vary: "Origin" },
  /** Sets `Vary: Accept-Language`. */
  vary: { vary: "Accept-Language, Origin" },
  /** Sets `Vary: *`. */
  "vary-all": { vary: "*" },
  /** Sets CORS headers of its own: `*`, with credentials, a method, and a withdrawn one. */
  foreign: { vary: "Origin" },
  /** Answers 204. */
  empty: { status: 204, vary: "Origin" },
  /** Answers 304. */
  "not-modified": { status: 304, vary: "Origin" },
  /** Redirects to `/text`. */
  redirect: { status: 302, vary: "Origin" },
  /** Sends its body piece by piece. */
  stream: { vary: "Origin" },
  /** Is answered with 401 by something between the policy and the route. */
  early: { status: 401, vary: "Origin" },
  /** Throws an error at once. */
  "throw-error": { status: 500, vary: "Origin" },
  /** Throws a string. */
  "throw-string": { status: 500, vary: "Origin" },
  /** Throws null. Express takes that for "go on". */
  "throw-null": { status: [404, 500], vary: "Origin" },
  /** Rejects later. */
  reject: { status: 500, vary: "Origin" },
  /** Parses a body as JSON, 100 bytes at most; the table sends something else. */
  json: { status: [400, 413, 500], vary: "Origin" },
  /** Raw: calls `writeHead` with an object. */
  "raw-object": { vary: "Accept-Language, Origin" },
  /** Raw: calls `writeHead` with a list of names and values, after having set some headers. */
  "raw-list": { vary: "Accept-Language, Origin" },
  /** Raw: calls `writeHead` with a reason phrase and an object. */
  "raw-reason": { vary: "Accept-Language, Origin" },
  /** Raw: sets headers, and calls `writeHead` with a status only. */
  "raw-set": { vary: "Accept-Language, Origin" },
  /** Raw: writes without calling `writeHead`. */
  "raw-implicit": { vary: "Origin" },
  /** Raw: flushes headers a while before it writes, as for server-sent events. */
  "raw-flush": { vary: "Accept-Language, Origin" },
  /** Raw, HTTP/2 only: answers by the stream. */
  "raw-respond": { vary: "Accept-Language, Origin" },
  /** Answers with what `fetch` gave, whose headers are immutable. */
  immutable: { vary: "Origin" },
  /** Answers every request with one and the same response without a body. */
  shared: { status: 404, vary: "Origin" },
} as const satisfies Record<string, { status?: number | readonly number[]; vary: string }>;

/** The name of what the application does, which is the path for it. */
export type Behaviour = keyof typeof behaviours;

/** Where an application with its policies stands on a server. */
export interface Mount {
  /** Empty for the whole server. */
  readonly path: "" | `/${string}`;
  /** In the order of use. More than one is a mistake. */
  readonly policies: readonly AsyncPolicy[];
  /** What cross-origin protection is made of; none without it. */
  readonly protection?: ProtectionArgument;
}

/** A server that listens. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:40000`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the application in a framework. A new adapter is one of these, and no new test. */
export interface Harness {
  readonly name: string;
  readonly http2?: true;
  /** What there is no way to do in the framework. */
  readonly lacks: readonly Behaviour[];
  /** Statuses which are the framework's own choice: of a path that is not there, and of a malformed one. */
  readonly statuses: { readonly missing: number; readonly malformed: number };
  start(mounts: readonly Mount[]): Promise<RunningServer>;
}

/** What only raw access to Node's response can do. */
export const rawBehaviours = Object.keys(behaviours).filter((name) => name.startsWith("raw-")) as readonly Behaviour[];

/** What only handlers that return a `Response` can do. */
export const fetchBehaviours = ["immutable", "shared"] as const satisfies readonly Behaviour[];

/** The CORS headers that the application sets by itself and that must not get through. */
export const foreignHeaders = {
  "access-control-allow-origin": "*",
  "access-control-allow-credentials": "true",
  "access-control-allow-methods": "GET",
  "access-control-allow-private-network": "true",
} as const;

/** Headers of a response that caches may keep, of which policies expose some. */
export const tags = { etag: '"1"', "x-version": "1", "cache-control": "max-age=60" } as const;

/** The pieces of the streamed body. */
export const pieces = ["one, ", "two, ", "three"] as const;

/** The size of a body that may be parsed. */
export const bodyLimit = 100;
