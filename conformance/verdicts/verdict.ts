/** One name and its value, as they stand on the wire. */
export type HeaderPair = readonly [name: string, value: string];

/** An answer that the server is programmed to give. */
export interface ProgrammedResponse {
  readonly status: number;
  readonly headers: readonly HeaderPair[];
  readonly body?: string;
  /** The connection is closed instead of an answer. */
  readonly drop?: boolean;
  /** The connection is closed after the answer. */
  readonly close?: boolean;
}

/** The answers of one URL; the n-th request of a kind gets the n-th, later ones the last. */
export interface ProgrammedUrl {
  readonly preflight?: readonly ProgrammedResponse[];
  readonly actual?: readonly ProgrammedResponse[];
}

/** How a step makes its request; `fetch` when it does not say. */
export type StepApi =
  | "beacon"
  | "eventsource"
  | "fetch"
  | "form-iframe"
  | "form-top"
  | "iframe"
  | "img"
  | "module"
  | "open-top"
  | "script"
  | "stylesheet"
  | "websocket"
  | "xhr";

/** A body as a script makes it; `form` is FormData with one field. */
export interface StepBody {
  readonly type: "blob" | "bytes" | "form" | "params" | "string";
  readonly text: string;
  readonly contentType?: string;
}

/** One thing that a page does. */
export interface Step {
  readonly url: string;
  readonly api?: StepApi;
  readonly method?: string;
  readonly mode?: string;
  readonly credentials?: string;
  readonly redirect?: string;
  readonly cache?: string;
  readonly referrerPolicy?: string;
  readonly integrity?: string;
  readonly keepalive?: boolean;
  readonly headers?: readonly HeaderPair[];
  readonly body?: StepBody;
  readonly uploadListener?: boolean;
  readonly crossOrigin?: string;
  readonly enctype?: string;
  /** A pause before the step, in milliseconds. */
  readonly waitBeforeMs?: number;
}

/** Who asks: a top-level document, or a sandboxed frame of `embedder`. */
export interface ScenarioPage {
  readonly origin: string;
  readonly how?: string;
  readonly embedder?: string;
}

/** What a page asks, and what the servers answer. */
export interface Scenario {
  readonly id: string;
  readonly group: string;
  readonly kind: "random" | "systematic";
  readonly note: string;
  readonly page: ScenarioPage;
  /** Cookies set by top-level visits before the scenario. */
  readonly cookies?: readonly { readonly setOn: string; readonly setCookie: string }[];
  readonly steps: readonly Step[];
  /** By URL without its query. */
  readonly server: Readonly<Record<string, ProgrammedUrl>>;
}

/** What a script could read of a response. */
export interface ReadableResponse {
  readonly type: string;
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly redirected?: boolean;
  /** Sorted by name. */
  readonly headers: readonly HeaderPair[];
  /** At most 200 bytes, as latin-1. */
  readonly body?: string;
  /** The name of the error that reading the body gave. */
  readonly bodyError?: string;
}

/** What became of one step. */
export interface StepResult {
  readonly outcome: "error" | "ok" | "timeout";
  readonly response?: ReadableResponse;
  readonly event?: string;
  readonly error?: string;
  readonly message?: string;
}

/** One request that reached a server. */
export interface WireRequest {
  readonly step: number;
  readonly kind: "actual" | "preflight";
  readonly method: string;
  readonly url: string;
  readonly headers: readonly HeaderPair[];
  readonly body?: string;
}

/** One thing that a browser's console or developer tools said. Which members it has depends on the browser. */
export interface ConsoleEntry {
  readonly text?: string;
  /** Firefox: the machine-readable reason. */
  readonly category?: string;
  /** Chromium: the network stack's error. */
  readonly network?: string;
  /** Chromium: the machine-readable CORS reason. */
  readonly corsError?: string;
  readonly blockedReason?: string;
  readonly cookieNotSent?: string;
  readonly cookieNotStored?: string;
}

/** What one browser did in one scenario. */
export interface Observation {
  readonly id: string;
  readonly steps: readonly StepResult[];
  readonly wire: readonly WireRequest[];
  /** By origin: the `Cookie` header of a same-origin request of a first-party page, before the scenario. */
  readonly jar?: Readonly<Record<string, string>>;
  readonly console: readonly ConsoleEntry[];
}

/** A browser in one cookie setting. */
export type Recording = "chromium" | "chromium-block3p" | "firefox" | "firefox-allow3p" | "webkit";

/** One way in which a browser is known to leave the Fetch standard, and the scenarios that show it. */
export interface Deviation {
  readonly deviation: string;
  readonly standard: string;
  readonly browsers: Readonly<Partial<Record<string, readonly string[]>>>;
}
