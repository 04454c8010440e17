import type { BrowserName, PreflightReason, Problem, ProfileName } from "@corsac/protocol";
import type { Explanation } from "@corsac/server";
import type { BrowserReport, Finding, WantedAnswer } from "corsac";
import type { OriginName } from "./origins.ts";
import type { Seen } from "./seen.ts";
import type { HeaderLine, Situation } from "./situation.ts";

/** One request as a server of the lab received it, and what it answered: bytes on the wire, nothing predicted. */
export interface WireExchange {
  /** In the order of arrival within the side of a run, from 0. */
  readonly index: number;
  readonly server: OriginName;
  /** What the request is, by its headers. */
  readonly kind: "actual" | "preflight";
  readonly request: {
    readonly method: string;
    /** Path and query as the situation has them. */
    readonly path: string;
    readonly headers: readonly HeaderLine[];
    /** The first 4096 characters. */
    readonly body: string;
  };
  readonly response: {
    readonly status: number;
    readonly statusText: string;
    readonly headers: readonly HeaderLine[];
    /** The first 4096 characters. */
    readonly body: string;
    /** Whether the connection was cut before the answer was out (`lostAnswers`). */
    readonly lost: boolean;
  };
  /** Milliseconds since the run began. */
  readonly at: number;
}

/** A request that corsac sent, or had answered by a cache, and what came back. */
export interface CorsacExchange {
  readonly kind: "actual" | "preflight";
  readonly method: string;
  readonly url: string;
  /** Really sent, cookies included. */
  readonly requestHeaders: readonly HeaderLine[];
  /** Why a preflight stands before it; empty when none does. */
  readonly preflightReasons: readonly PreflightReason[];
  /** Whether its preflight was not needed, was sent, or was answered by the CORS-preflight cache. */
  readonly preflight: "cached" | "not-needed" | "sent";
  readonly response:
    | {
        readonly kind: "response";
        readonly status: number;
        readonly statusText: string;
        readonly headers: readonly HeaderLine[];
        /** Whether the HTTP cache answered. */
        readonly fromCache: boolean;
      }
    | { readonly kind: "network-error"; readonly reason: string; readonly message: string };
}

/** What became of one cookie in corsac's browser. */
export interface CookieFate {
  readonly action: "refused" | "sent" | "stored" | "withheld";
  readonly name: string;
  /** Such as `same-site-lax`; empty when it was sent or stored. */
  readonly reasons: readonly string[];
}

/** One attempt of corsac's browser. */
export interface CorsacAttempt {
  readonly seen: Seen;
  /** Why it failed: what no script is ever told. `null` when it did not. */
  readonly problem: Problem | null;
  readonly exchanges: readonly CorsacExchange[];
  readonly cookies: readonly CookieFate[];
}

/** Something that a run changed at a server: what the forged request was for. */
export interface Effect {
  readonly server: OriginName;
  /** One sentence, such as `A post in Alice's name: “…”`. */
  readonly what: string;
}

/** The run in the visitor's browser. */
export interface BrowserSide {
  /** Which of the browsers corsac knows it is, by its `User-Agent`. */
  readonly profile: ProfileName;
  /** `null` until the runner document has told; one for each time. */
  readonly seen: readonly Seen[] | null;
  readonly wire: readonly WireExchange[];
  readonly effects: readonly Effect[];
}

/** The same run in corsac's browser, under the profile of the visitor's. */
export interface CorsacSide {
  readonly profile: ProfileName;
  readonly attempts: readonly CorsacAttempt[];
  readonly wire: readonly WireExchange[];
  readonly effects: readonly Effect[];
}

/** Whether both sides came to the same. */
export type Agreement =
  | {
      readonly kind: "agree";
      /** A setting of the visitor's browser that corsac's had to take on first, as a sentence; `null` for none. */
      readonly setting: string | null;
    }
  /** One sentence for each difference. */
  | { readonly kind: "differ"; readonly differences: readonly string[] }
  /** The visitor's browser has not run it, or cannot. */
  | { readonly kind: "not-run"; readonly reason: string };

/** The short verdict about an attempt. */
export type RunVerdict =
  /** The script reads the answer. */
  | "readable"
  /** It went through; nothing of it can be read. */
  | "opaque"
  /** The script gets a `TypeError`. */
  | "blocked"
  /** A form has been sent: the answer is nobody's business. */
  | "sent"
  /** An element loaded it, or not. */
  | "loaded"
  | "not-loaded";

/** What the policy decided about a request that arrived, and which of its options to change to have it otherwise. */
export interface PolicyDecision {
  /** Index in the `wire` of corsac's side. */
  readonly exchange: number;
  readonly explanation: Explanation;
}

/** The change, as code for one server. */
export interface ServerCode {
  readonly server: "express" | "fastify" | "gateway" | "hono" | "koa" | "next" | "nginx" | "node";
  readonly title: string;
  readonly language: "js" | "nginx" | "ts";
  readonly code: string;
}

/** The request in other forms, to be copied. */
export interface Copies {
  readonly fetch: string;
  readonly curl: string;
  /** `npx corsac check …`; `null` where the command has no words for it (forms and elements). */
  readonly check: string | null;
  /** A test file for Vitest with `@corsac/browser`. */
  readonly test: string;
}

/** Everything about a run. JSON. URLs and paths are those of the situation; what made the run's own is taken out. */
export interface RunReport {
  readonly id: string;
  readonly situation: Situation;
  /** What the page asks for: the target's or the gateway's URL. */
  readonly url: string;
  /** Serialized; `null` for an opaque origin. */
  readonly pageOrigin: string;
  /** That of the last attempt of corsac's browser. */
  readonly verdict: RunVerdict;
  readonly browser: BrowserSide;
  readonly corsac: CorsacSide;
  readonly agreement: Agreement;
  /** What each browser makes of the same answers, by its own rules, and what its console says. `null` for forms and elements. */
  readonly browsers: Readonly<Record<BrowserName, BrowserReport>> | null;
  /** What is wrong and what to change, causes first; empty when nothing is. */
  readonly findings: readonly Finding[];
  /** What the visitor's own policy, of the bench or of the gateway, said to each request; empty without one. */
  readonly decisions: readonly PolicyDecision[];
  /** The answers that a browser accepts; empty when there is nothing to change. */
  readonly wanted: readonly WantedAnswer[];
  /** The change as code; for a policy of the visitor, that policy. Empty when there is nothing to write. */
  readonly code: readonly ServerCode[];
  readonly copies: Copies;
}
