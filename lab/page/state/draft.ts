import type { PageName, TargetName } from "../../situation/origins.ts";
import { parseSituation } from "../../situation/parse-situation.ts";
import { defaultSituation, plainAnswer, type RawAnswer, type Situation } from "../../situation/situation.ts";
import type { SituationIssue } from "../../situation/situation-issue.ts";
import { readLines, writeLines } from "./header-text.ts";
import { readPolicyText, writePolicyText } from "./policy-text.ts";

/** An answer as it is typed. */
export interface AnswerDraft {
  readonly status: string;
  readonly headers: string;
  readonly body: string;
}

/** A situation as it is typed: texts that need not mean anything yet, and what the other choices of a field were. */
export interface Draft {
  readonly pageKind: Situation["page"]["kind"];
  readonly pageName: PageName;
  readonly typedOrigin: string;
  readonly place: Situation["place"];
  readonly via: Situation["request"]["via"];
  readonly target: TargetName;
  readonly path: string;
  readonly method: string;
  readonly headers: string;
  readonly body: string;
  readonly fields: string;
  readonly enctype: Situation["request"]["enctype"];
  readonly credentials: Situation["request"]["credentials"];
  readonly mode: Situation["request"]["mode"];
  readonly redirect: Situation["request"]["redirect"];
  readonly serverKind: Situation["server"]["kind"];
  readonly policy: string;
  readonly protection: boolean;
  readonly answer: AnswerDraft;
  readonly hasOwnPreflight: boolean;
  readonly preflight: AnswerDraft;
  readonly hasGateway: boolean;
  readonly gatewayPolicy: string;
  readonly cache: boolean;
  readonly retries: boolean;
  readonly loggedIn: boolean;
  readonly sameSite: Situation["cookies"]["sameSite"];
  readonly socialProtection: boolean;
  readonly lostAnswers: string;
  readonly times: string;
}

/** A draft, read. */
export interface ReadDraft {
  /** `null` while it has issues. */
  readonly situation: Situation | null;
  readonly issues: readonly SituationIssue[];
}

/** Writes a situation into the fields of the bench. */
export function draftOf(situation: Situation): Draft {
  const { page, request, server, gateway, cookies } = situation;
  const fallbackPolicy = defaultSituation.server.kind === "policy" ? defaultSituation.server.policy : {};
  const policy = server.kind === "policy" ? server.policy : (gateway?.policy ?? fallbackPolicy);
  return {
    pageKind: page.kind,
    pageName: page.kind === "typed" ? "bookshop" : page.name,
    typedOrigin: page.kind === "typed" ? page.origin : "https://app.example",
    place: situation.place,
    ...{ via: request.via, target: request.target, path: request.path, method: request.method },
    ...{ enctype: request.enctype, credentials: request.credentials, mode: request.mode, redirect: request.redirect },
    headers: writeLines(request.headers),
    body: request.body ?? "",
    fields: writeLines(request.fields, "="),
    serverKind: server.kind,
    policy: writePolicyText(policy),
    protection: server.kind === "policy" && server.protection,
    answer: answerDraftOf(server.kind === "itself" ? plainAnswer : server.answer),
    hasOwnPreflight: server.kind === "raw" && server.preflight !== null,
    preflight: answerDraftOf(
      (server.kind === "raw" ? server.preflight : null) ?? { status: 204, headers: [], body: "" },
    ),
    hasGateway: gateway !== null,
    gatewayPolicy: writePolicyText(gateway?.policy ?? policy),
    cache: gateway?.cache ?? false,
    retries: gateway?.retries ?? true,
    ...{ loggedIn: cookies.loggedIn, sameSite: cookies.sameSite },
    socialProtection: situation.socialProtection,
    lostAnswers: String(situation.lostAnswers),
    times: String(situation.times),
  };
}

/** Reads the fields of the bench. Every issue names its field as a path in the situation. */
export function readDraft(draft: Draft): ReadDraft {
  const issues: SituationIssue[] = [];
  const policyAt = (path: readonly string[], text: string): unknown => {
    const read = readPolicyText(text);
    if (!read.ok && read.error !== null) issues.push({ path, message: read.error, suggestion: null });
    return read.ok ? read.policy : null;
  };
  const candidate = candidateOf(draft, policyAt);
  // The policy editor shows the issues of a policy; here they only keep the situation from being one.
  const parsed = parseSituation(candidate, (policy) =>
    policy === null ? [{ path: [], message: "The policy is not valid.", suggestion: null }] : [],
  );
  return parsed.ok
    ? { situation: parsed.situation, issues }
    : { situation: null, issues: [...issues, ...parsed.issues] };
}

function candidateOf(draft: Draft, policyAt: (path: readonly string[], text: string) => unknown): object {
  const { pageKind, pageName, typedOrigin, place, socialProtection, loggedIn, sameSite } = draft;
  return {
    page: pageKind === "typed" ? { kind: pageKind, origin: typedOrigin } : { kind: pageKind, name: pageName },
    ...{ place, request: requestOf(draft) },
    server: serverOf(draft, policyAt),
    gateway: draft.hasGateway
      ? {
          policy: policyAt(["gateway", "policy"], draft.gatewayPolicy),
          ...{ cache: draft.cache, retries: draft.retries },
        }
      : null,
    cookies: { loggedIn, sameSite },
    socialProtection,
    lostAnswers: Number(draft.lostAnswers),
    times: Number(draft.times),
  };
}

// In the order of the situation's own fields, so that equal situations make equal links.
function requestOf(draft: Draft): object {
  const { via, target, path, method, enctype, credentials, mode, redirect } = draft;
  const isFetch = via === "fetch";
  return {
    ...{ via, target, path, method },
    headers: isFetch ? readLines(draft.headers) : [],
    body: isFetch && draft.body !== "" ? draft.body : null,
    fields: via === "form" ? readLines(draft.fields, "=") : [],
    ...{ enctype, credentials, mode, redirect },
  };
}

function serverOf(draft: Draft, policyAt: (path: readonly string[], text: string) => unknown): object {
  const { serverKind: kind, protection, answer, hasOwnPreflight, preflight } = draft;
  switch (kind) {
    case "itself":
      return { kind };
    case "policy":
      return { kind, policy: policyAt(["server", "policy"], draft.policy), protection, answer: answerOf(answer) };
    case "raw":
      return { kind, preflight: hasOwnPreflight ? answerOf(preflight) : null, answer: answerOf(answer) };
  }
}

function answerDraftOf({ status, headers, body }: RawAnswer): AnswerDraft {
  return { status: String(status), headers: writeLines(headers), body };
}

function answerOf({ status, headers, body }: AnswerDraft): RawAnswer {
  return { status: Number(status), headers: readLines(headers), body };
}
