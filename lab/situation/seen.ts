import type { HeaderLine } from "./situation.ts";

/** What came of one attempt, as far as a page can see it. The same form for the visitor's browser and for corsac. */
export type Seen =
  /** `fetch()` resolved. Of an opaque response nothing can be read: status 0, no headers, no body. */
  | {
      readonly kind: "response";
      readonly type: "basic" | "cors" | "opaque" | "opaqueredirect";
      readonly status: number;
      readonly redirected: boolean;
      /** The readable ones, by name. */
      readonly headers: readonly HeaderLine[];
      /** The first 4096 characters. */
      readonly body: string;
    }
  /** `fetch()` rejected with a `TypeError`; its message is all that a script is told. */
  | { readonly kind: "type-error"; readonly message: string }
  /** An element has loaded something, or not. */
  | {
      readonly kind: "element";
      readonly event: "error" | "load";
      /** What a script from elsewhere handed to the page's callback (JSONP), as JSON; `null` when it was not called. */
      readonly callback: string | null;
    }
  /** A form was submitted. Where it leads to, the page cannot see. */
  | { readonly kind: "submitted" };

/** What the lab page tells a runner document to do, by `postMessage`. */
export interface RunnerCommand {
  readonly type: "corsac-lab/run";
  /** Comes back with the result. */
  readonly id: string;
  readonly times: number;
  readonly request: {
    readonly via: "fetch" | "form" | "image" | "script";
    readonly url: string;
    readonly method: string;
    readonly headers: readonly HeaderLine[];
    readonly body: string | null;
    readonly fields: readonly HeaderLine[];
    readonly enctype: string;
    readonly credentials: "include" | "omit" | "same-origin";
    readonly mode: "cors" | "no-cors" | "same-origin";
    readonly redirect: "error" | "follow" | "manual";
  };
}

/**
 * What a runner document tells the window that opened or embeds it: first that it is there, then what it saw. A form in
 * a window takes the document along, so that `observed` comes before it is sent.
 */
export type RunnerMessage =
  | { readonly type: "corsac-lab/ready" }
  | { readonly type: "corsac-lab/observed"; readonly id: string; readonly seen: readonly Seen[] };
