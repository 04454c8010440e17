import type { BrowserName, Problem, ProblemStage, ProfileName } from "@corsac/protocol";
import type { FindingCode } from "../finding/finding-code.ts";
import type { ServerName } from "../server/server-name.ts";

/** Whether the page gets what it asked for. */
export type Verdict = "allowed" | "blocked" | "unknown" | "unreachable";

/** A header as it stood on the wire, secrets masked. */
export interface ReportedHeader {
  readonly name: string;
  readonly value: string;
}

/** One request and what came back. */
export interface ReportedExchange {
  /** `preflight`, `request`, or `redirect` for a request that a redirect led to. */
  readonly step: "preflight" | "redirect" | "request";
  /** Whether a browser sends it too; corsac sends the others to look further. */
  readonly probe: boolean;
  /** Why a preflight stands before the request, in the words of the standard's conditions. */
  readonly because: readonly string[];
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly ReportedHeader[];
  };
  readonly response:
    | {
        readonly kind: "response";
        readonly status: number;
        readonly statusText: string;
        readonly headers: readonly ReportedHeader[];
      }
    | { readonly kind: "network-error"; readonly reason: string; readonly message: string };
}

/** Where a finding can be seen. */
export interface Evidence {
  /** Index in {@link CheckReport.exchanges}. */
  readonly exchange: number;
  readonly side: "request" | "response";
  /** `null` for the status line. */
  readonly header: string | null;
  /** `null` when the header is absent. */
  readonly value: string | null;
  /** The part of the value that is at fault; `null` for all of it. */
  readonly mark: string | null;
}

/** One change that makes the finding go away. */
export interface Change {
  /** Where it is made. */
  readonly on: "page" | "server";
  readonly text: string;
}

/** Something that blocks the page, or will. */
export interface Finding {
  readonly code: FindingCode;
  /** `error`: the page cannot do what it asked. `warning`: it works now, but not for others or not for long. */
  readonly severity: "error" | "note" | "warning";
  readonly stage: ProblemStage;
  /** Index in {@link CheckReport.exchanges} of the exchange at fault; `null` when nothing was sent. */
  readonly exchange: number | null;
  /** The finding that this one goes away with. */
  readonly followsFrom: FindingCode | null;
  /** Whether a browser has not come this far: it is what the page meets next. */
  readonly ahead: boolean;
  readonly title: string;
  /** What happened and why it is probably so. */
  readonly cause: string;
  /** The deciding values of the problem; `null` for findings that no check of the standard names. */
  readonly problem: Problem | null;
  readonly evidence: readonly Evidence[];
  readonly changes: readonly Change[];
  readonly spec: string | null;
  readonly docs: string;
}

/** What one browser does with the same answers, and what it prints. */
export interface BrowserReport {
  readonly verdict: Verdict;
  /** Why its verdict is not that of the report; `null` when it is. */
  readonly differs: string | null;
  readonly messages: readonly { readonly code: string; readonly text: string }[];
}

/** The headers of an answer that a browser accepts. */
export interface WantedAnswer {
  /** `OPTIONS`, or the method of the request. */
  readonly to: string;
  /** Such as `204` or `any status`. */
  readonly status: string;
  readonly headers: readonly ReportedHeader[];
}

/** What to write where, for the server that was recognised. */
export interface Recipe {
  readonly server: ServerName;
  readonly title: string;
  /** The configuration or code, line by line. */
  readonly lines: readonly string[];
}

/** The whole outcome of a check. `schema` changes when a reader of the old shape would break. */
export interface CheckReport {
  readonly schema: "corsac.check/1";
  readonly verdict: Verdict;
  /** Whether the script gets to see status, body and the exposed headers. */
  readonly readable: boolean;
  /** Whose rules decided. */
  readonly profile: ProfileName;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly origin: string;
    readonly mode: string;
    readonly credentials: string;
    readonly redirect: string;
    readonly headers: readonly ReportedHeader[];
  };
  /** Response headers that the script can read; `null` when there is no readable response. */
  readonly readableHeaders: readonly ReportedHeader[] | null;
  readonly exchanges: readonly ReportedExchange[];
  /** Causes first. */
  readonly findings: readonly Finding[];
  readonly browsers: Readonly<Record<BrowserName, BrowserReport>>;
  /** The answers that would make a browser allow it; empty when it does, or when no answer can. */
  readonly wanted: readonly WantedAnswer[];
  /** The server that answered, if it gave itself away. */
  readonly server: ServerName | null;
  readonly recipe: Recipe | null;
}
