import type { CredentialsMode, RedirectMode } from "@corsac/protocol";
import type { PolicyJson } from "@corsac/server";
import type { PageName, TargetName } from "./origins.ts";

/** The page that asks. */
export type AskingPage =
  /** A page of one of the lab's origins. */
  | { readonly kind: "origin"; readonly name: PageName }
  /** A document of one of the lab's origins in a sandboxed frame: its origin is opaque. */
  | { readonly kind: "sandboxed"; readonly name: PageName }
  /** A page of an origin that nothing listens at. Only corsac can be it; the visitor's browser cannot. */
  | { readonly kind: "typed"; readonly origin: string };

/** How the page asks: by a script's `fetch()`, by a form that is submitted, or by an element. */
export type RequestVia = "fetch" | "form" | "image" | "script";

/** The encoding of a form. */
export type FormEnctype = "application/x-www-form-urlencoded" | "multipart/form-data" | "text/plain";

/** A header line: name and value as they are on the wire. */
export type HeaderLine = readonly [name: string, value: string];

/** What the page asks for. */
export interface AskedRequest {
  readonly via: RequestVia;
  readonly target: TargetName;
  /** Path and query, beginning with `/`. */
  readonly path: string;
  /** As a script writes it. A form knows `GET` and `POST`; an element always sends `GET`. */
  readonly method: string;
  /** Set by the script; for `fetch` only. */
  readonly headers: readonly HeaderLine[];
  /** `null` for none; for `fetch` only. */
  readonly body: string | null;
  /** The fields of a form; for `form` only. */
  readonly fields: readonly HeaderLine[];
  /** For `form` only. */
  readonly enctype: FormEnctype;
  /** For `fetch`; an element with `include` has `crossorigin=use-credentials`. */
  readonly credentials: CredentialsMode;
  /** For `fetch`; an element with `cors` has the `crossorigin` attribute. */
  readonly mode: "cors" | "no-cors" | "same-origin";
  readonly redirect: RedirectMode;
}

/** An answer, written line by line: a name may stand there twice. */
export interface RawAnswer {
  /** 200 to 599. */
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  readonly body: string;
}

/** Who answers, and how. */
export type AnsweringServer =
  /** The target as it is: its own policy, its own data. */
  | { readonly kind: "itself" }
  /** `@corsac/server` with this policy in front of an application that gives `answer`. For the bench only. */
  | {
      readonly kind: "policy";
      readonly policy: PolicyJson;
      /** Whether unsafe requests of other origins are refused (cross-origin protection). */
      readonly protection: boolean;
      /** What the application behind the policy answers; its headers may contradict the policy. */
      readonly answer: RawAnswer;
    }
  /** These answers, whatever is asked. For the bench only. */
  | {
      readonly kind: "raw";
      /** To CORS-preflight requests; `null`: the same as to all others. */
      readonly preflight: RawAnswer | null;
      readonly answer: RawAnswer;
    };

/** The intermediary between the page and the target. */
export interface UsedGateway {
  /** Who may read through the gateway; it answers preflights itself. */
  readonly policy: PolicyJson;
  readonly cache: boolean;
  readonly retries: boolean;
}

/** What the browser has stored for the target, and what the target makes of it. */
export interface StoredCookies {
  /** Whether the visitor is logged in at the target before it begins: its session cookie is in the browser. */
  readonly loggedIn: boolean;
  /** `SameSite` of the session cookie. `None` comes with `Secure`, as browsers ask. */
  readonly sameSite: "Lax" | "None" | "Strict" | "unset";
}

/** Everything about a run: who asks whom for what, and who answers how. JSON. */
export interface Situation {
  readonly page: AskingPage;
  /**
   * Where the page is shown: in a frame inside the page of the lab, or in a window of its own. It decides about cookies:
   * a frame is a third party to the page around it.
   */
  readonly place: "frame" | "window";
  readonly request: AskedRequest;
  readonly server: AnsweringServer;
  /** `null` when the page asks the target itself. */
  readonly gateway: UsedGateway | null;
  readonly cookies: StoredCookies;
  /** Whether the social network refuses unsafe requests of other origins. */
  readonly socialProtection: boolean;
  /** How many of the target's answers get lost on their way back, after it has carried out the request. 0 to 3. */
  readonly lostAnswers: number;
  /** How often the page asks the same, one after the other. 1 to 5; for `fetch` only. */
  readonly times: number;
}

/** What an application behind a policy answers unless something else is said. */
export const plainAnswer: RawAnswer = {
  status: 200,
  headers: [["Content-Type", "application/json"]],
  body: '{"title":"Dune","author":"Frank Herbert","year":1965}',
};

/** The bench as it is found: the bookshop reads from an API whose policy allows it. */
export const defaultSituation: Situation = {
  page: { kind: "origin", name: "bookshop" },
  place: "frame",
  request: {
    via: "fetch",
    target: "bench",
    path: "/books/Dune",
    method: "GET",
    headers: [],
    body: null,
    fields: [],
    enctype: "application/x-www-form-urlencoded",
    credentials: "same-origin",
    mode: "cors",
    redirect: "follow",
  },
  server: { kind: "policy", policy: { origins: ["http://localhost:3000"] }, protection: false, answer: plainAnswer },
  gateway: null,
  cookies: { loggedIn: false, sameSite: "Lax" },
  socialProtection: false,
  lostAnswers: 0,
  times: 1,
};
