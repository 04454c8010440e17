import type { ProfileName } from "@corsac/protocol";
import type { CheckReport } from "corsac";
import type { LabOrigins } from "./origins.ts";
import type { RunReport } from "./run-report.ts";
import type { RunnerCommand, Seen } from "./seen.ts";
import type { Situation } from "./situation.ts";
import type { SituationIssue } from "./situation-issue.ts";

/**
 * The API behind the lab's page, all of it on the page's own origin. Every call is a `POST` with a JSON body and the
 * header `X-Lab-Token`; it answers JSON. Others than the page get 403.
 *
 * | path | request | response |
 * | --- | --- | --- |
 * | `/api/situation` | {@link Situation}, or what may become one | {@link SituationAnswer} |
 * | `/api/runs` | {@link RunOrder} | 201 {@link RunStart}; 422 {@link LabProblem} with `issues` |
 * | `/api/runs/<id>/seen` | {@link SeenReport} | {@link RunReport}, complete |
 * | `/api/check` | {@link CheckOrder} | {@link CheckAnswer}; 422 {@link LabProblem} |
 * | `/api/world` | {@link WorldOrder} | {@link World} |
 */
export const labApiPaths = {
  situation: "/api/situation",
  runs: "/api/runs",
  seen: (id: string): string => `/api/runs/${id}/seen`,
  check: "/api/check",
  world: "/api/world",
} as const;

/** The header that carries {@link LabInfo.token}. */
export const labTokenHeader = "X-Lab-Token";

/**
 * What the page is served with: JSON in its element `<script type="application/json" id="lab-info">`, which takes the
 * place of `<!-- lab-info -->` in `index.html`.
 */
export interface LabInfo {
  readonly token: string;
  readonly origins: LabOrigins;
  /** The profile of the browser that asked for the page. */
  readonly profile: ProfileName;
  readonly version: string;
}

/** The issues of a situation as one writes it; policy included. */
export interface SituationAnswer {
  readonly issues: readonly SituationIssue[];
}

/** An order to run a situation. */
export interface RunOrder {
  readonly situation: Situation;
  /** In place of the profile that the `User-Agent` tells. */
  readonly profile?: ProfileName;
}

/** How the visitor's browser takes part in a run. */
export type RunnerPlan =
  /** It cannot. */
  | { readonly kind: "none"; readonly reason: string }
  | {
      readonly kind: "frame" | "window";
      /** What to open; a window may first pass by the target to get its cookie. */
      readonly url: string;
      /** The tokens of the frame's `sandbox` attribute; `null` for none. */
      readonly sandbox: string | null;
      /** `event.origin` of its messages, and where to post the command; `null` (opaque) is reached by `*`. */
      readonly origin: string;
      /** What to post once it says `corsac-lab/ready`. */
      readonly command: RunnerCommand;
    };

/** A run that corsac has finished, and what to do in the visitor's browser. */
export interface RunStart {
  readonly id: string;
  readonly runner: RunnerPlan;
  /** With `agreement` `not-run`. */
  readonly report: RunReport;
}

/** What the runner document saw; `null` when it did not answer. */
export interface SeenReport {
  readonly seen: readonly Seen[] | null;
}

/** "Try my API": a URL of this machine, to be checked by corsac and asked from the visitor's browser. */
export interface CheckOrder {
  readonly url: string;
  /** The page's: of one of the lab's origins to be run in the visitor's browser too. */
  readonly origin: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | null;
  readonly credentials: "include" | "omit" | "same-origin";
  /** Whether a request with an unsafe method is really sent. */
  readonly send: boolean;
  readonly profile?: ProfileName;
}

/** The report of the doctor, and what to do in the visitor's browser. */
export interface CheckAnswer {
  readonly report: CheckReport;
  readonly runner: RunnerPlan;
}

/** Why a call was refused, or failed. */
export interface LabProblem {
  readonly error: string;
  /** What is wrong with the fields of the order. */
  readonly issues?: readonly SituationIssue[];
}

/** What to change in the world of the lab. */
export interface WorldOrder {
  /** Whether posts and books are as in the beginning again. */
  readonly reset?: boolean;
  /** Whether the social network refuses unsafe requests of other origins, when one visits it oneself. */
  readonly socialProtection?: boolean;
  /** `SameSite` of its session cookie, when one logs in oneself. */
  readonly sameSite?: "Lax" | "None" | "Strict" | "unset";
}

/** What the servers have. */
export interface World {
  /** The social network's, newest first. */
  readonly posts: readonly { readonly author: string; readonly text: string; readonly at: string }[];
  readonly socialProtection: boolean;
  readonly sameSite: "Lax" | "None" | "Strict" | "unset";
}
