import {
  isForbiddenMethod,
  isForbiddenRequestHeader,
  isHeaderName,
  isHeaderValue,
  isMethod,
  normalizeHeaderValue,
  parseOrigin,
} from "@corsac/protocol";
import { pageNames, targetNames } from "./origins.ts";
import type { Situation } from "./situation.ts";
import type { SituationIssue } from "./situation-issue.ts";

/** What is wrong with a policy, as `parsePolicy` of `@corsac/server` tells. */
export type PolicyIssues = (policy: unknown) => readonly SituationIssue[];

/** A situation, or everything that keeps a value from being one. */
export type ParsedSituation =
  | { readonly ok: true; readonly situation: Situation }
  | { readonly ok: false; readonly issues: readonly SituationIssue[] };

/** No body, header or path of a situation is longer, in UTF-16 code units. */
export const longestText = 16_384;

type Path = readonly (string | number)[];

/**
 * Reads a situation: from a link, from a form, from a request to the lab's API. Every issue names its field.
 *
 * @param policyIssues judges policies; the page leaves that to the lab's API
 */
export function parseSituation(value: unknown, policyIssues: PolicyIssues): ParsedSituation {
  const issues: SituationIssue[] = [];
  const reader = createReader(issues);
  const root = reader.object([], value);
  readPage(reader, root.page);
  reader.choice(["place"], root.place, ["frame", "window"]);
  const target = readRequest(reader, root.request);
  readServer(reader, root.server, target, policyIssues);
  readGateway(reader, root.gateway, target, policyIssues);
  const cookies = reader.object(["cookies"], root.cookies);
  reader.boolean(["cookies", "loggedIn"], cookies.loggedIn);
  reader.choice(["cookies", "sameSite"], cookies.sameSite, ["Lax", "None", "Strict", "unset"]);
  reader.boolean(["socialProtection"], root.socialProtection);
  reader.integer(["lostAnswers"], root.lostAnswers, 0, 3);
  reader.integer(["times"], root.times, 1, 5);
  checkTogether(reader, root);
  return issues.length === 0 ? { ok: true, situation: value as Situation } : { ok: false, issues };
}

type Fields = Readonly<Record<string, unknown>>;

interface Reader {
  readonly issue: (path: Path, message: string, suggestion?: SituationIssue["suggestion"]) => void;
  readonly object: (path: Path, value: unknown) => Fields;
  readonly text: (path: Path, value: unknown) => string;
  readonly choice: <T extends string>(path: Path, value: unknown, choices: readonly T[]) => T;
  readonly boolean: (path: Path, value: unknown) => void;
  readonly integer: (path: Path, value: unknown, least: number, most: number) => void;
}

function createReader(issues: SituationIssue[]): Reader {
  const issue: Reader["issue"] = (path, message, suggestion = null) => {
    issues.push({ path, message, suggestion });
  };
  return {
    issue,
    object(path, value) {
      if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
      issue(path, "This part of the situation is missing.");
      return {};
    },
    text(path, value) {
      if (typeof value !== "string") issue(path, "Write a text.");
      else if (value.length > longestText) issue(path, `Write no more than ${longestText} characters.`);
      else return value;
      return "";
    },
    choice(path, value, choices) {
      const found = choices.find((choice) => choice === value);
      if (found !== undefined) return found;
      issue(path, `Choose one of ${choices.join(", ")}.`, choices[0] ?? null);
      return choices[0] as (typeof choices)[number];
    },
    boolean(path, value) {
      if (typeof value !== "boolean") issue(path, "Say yes or no.", false);
    },
    integer(path, value, least, most) {
      if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return;
      issue(path, `Write a whole number from ${least} to ${most}.`, least);
    },
  };
}

function readPage(reader: Reader, value: unknown): void {
  const page = reader.object(["page"], value);
  const kind = reader.choice(["page", "kind"], page.kind, ["origin", "sandboxed", "typed"]);
  if (kind !== "typed") {
    reader.choice(["page", "name"], page.name, pageNames);
    return;
  }
  const origin = reader.text(["page", "origin"], page.origin);
  const parsed = parseOrigin(origin);
  if (parsed !== null && /^https?$/.test(parsed.scheme)) return;
  const suggestion = serializedOrigin(origin) ?? serializedOrigin(`https://${origin}`);
  const instead = suggestion === null ? "write one such as https://app.example" : `write ${suggestion}`;
  reader.issue(["page", "origin"], `“${origin}” is not an origin as browsers send it: ${instead}.`, suggestion);
}

function serializedOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { origin, protocol } = new URL(text);
  return /^https?:$/.test(protocol) && parseOrigin(origin) !== null ? origin : null;
}

function readRequest(reader: Reader, value: unknown): string {
  const request = reader.object(["request"], value);
  const at = (...keys: Path): Path => ["request", ...keys];
  const via = reader.choice(at("via"), request.via, ["fetch", "form", "image", "script"]);
  const target = reader.choice(at("target"), request.target, targetNames);
  const path = reader.text(at("path"), request.path);
  if (!path.startsWith("/")) reader.issue(at("path"), "The path begins with a slash.", `/${path}`);
  // Behind two slashes stands a host, in a URL that a page writes.
  else if (/^\/[/\\]/.test(path))
    reader.issue(at("path"), "The path begins with one slash.", path.replace(/^[/\\]+/, "/"));
  else if (/[#\s]/.test(path))
    reader.issue(at("path"), "A path has no blanks and no #.", path.replaceAll(/[#\s]/g, ""));
  else if (/\/(?:\.|%2e){1,2}(?:[/?\\]|$)/i.test(path.replace(/\?.*/, "")))
    reader.issue(at("path"), "Browsers take . and .. out of a path before they ask: leave them out.");
  const method = reader.text(at("method"), request.method);
  if (!isMethod(method)) reader.issue(at("method"), `“${method}” is not a method: a method is one word.`, "GET");
  else if (isForbiddenMethod(method)) {
    reader.issue(at("method"), `No page can send ${method.toUpperCase()}: browsers forbid it.`, "GET");
  } else if (via === "form" && method !== "GET" && method !== "POST") {
    reader.issue(at("method"), "A form knows GET and POST and no other method.", "POST");
  } else if ((via === "image" || via === "script") && method !== "GET") {
    reader.issue(at("method"), "An element sends GET.", "GET");
  }
  readHeaders(reader, at("headers"), request.headers, true);
  readLines(reader, at("fields"), request.fields);
  if (request.body !== null) {
    reader.text(at("body"), request.body);
    if (/^(?:GET|HEAD)$/i.test(method)) {
      reader.issue(at("body"), `No page can send a body with ${method.toUpperCase()}: choose another method.`);
    }
  }
  reader.choice(at("enctype"), request.enctype, [
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "text/plain",
  ]);
  reader.choice(at("credentials"), request.credentials, ["same-origin", "include", "omit"]);
  reader.choice(at("mode"), request.mode, ["cors", "no-cors", "same-origin"]);
  reader.choice(at("redirect"), request.redirect, ["follow", "error", "manual"]);
  return target;
}

function readLines(reader: Reader, path: Path, value: unknown): readonly (readonly [string, string])[] {
  if (!Array.isArray(value) || value.length > 50) {
    reader.issue(path, "Write a list of up to 50 lines.");
    return [];
  }
  return value.flatMap((line: unknown, index) => {
    if (Array.isArray(line) && line.length === 2) {
      return [[reader.text([...path, index, 0], line[0]), reader.text([...path, index, 1], line[1])] as const];
    }
    reader.issue([...path, index], "A line is a name and a value.");
    return [];
  });
}

function readHeaders(reader: Reader, path: Path, value: unknown, ofRequest: boolean): void {
  for (const [index, [name, text]] of readLines(reader, path, value).entries()) {
    const normalized = normalizeHeaderValue(text);
    if (!isHeaderName(name)) {
      reader.issue([...path, index, 0], `“${name}” is not a header name: it has letters, digits and hyphens.`);
    } else if (!isHeaderValue(normalized) || /[^\0-\xff]/.test(normalized)) {
      reader.issue([...path, index, 1], "No header can have a line break, a null byte or a character beyond U+00FF.");
    } else if (ofRequest && isForbiddenRequestHeader(name, normalized)) {
      reader.issue([...path, index, 0], `No script can set ${name}: the browser does that itself.`);
    } else if (!ofRequest && /[^\t\x20-\x7e\x80-\xff]/.test(normalized)) {
      reader.issue([...path, index, 1], "The server sends no control characters in headers.");
    } else if (
      !ofRequest &&
      /^(?:connection|content-length|keep-alive|trailer|transfer-encoding|upgrade)$/i.test(name)
    ) {
      reader.issue([...path, index, 0], `${name} belongs to the connection: the server sets it itself.`);
    } else if (!ofRequest && reachesFurther.test(name)) {
      reader.issue(
        [...path, index, 0],
        `${name} reaches beyond this answer, to other servers: the bench does not send it.`,
      );
    }
  }
}

/**
 * What a browser would keep for every port of `localhost`, or report to others. Links carry answers, and whoever follows
 * one is to lose nothing.
 */
const reachesFurther =
  /^(?:alt-svc|clear-site-data|content-security-policy(?:-report-only)?|nel|refresh|report-to|reporting-endpoints|set-cookie|strict-transport-security)$/i;

function readAnswer(reader: Reader, path: Path, value: unknown): void {
  const answer = reader.object(path, value);
  reader.integer([...path, "status"], answer.status, 200, 599);
  readHeaders(reader, [...path, "headers"], answer.headers, false);
  reader.text([...path, "body"], answer.body);
}

function readServer(reader: Reader, value: unknown, target: string, policyIssues: PolicyIssues): void {
  const server = reader.object(["server"], value);
  const kind = reader.choice(["server", "kind"], server.kind, ["itself", "policy", "raw"]);
  if (kind === "itself") return;
  if (target !== "bench") {
    reader.issue(["server", "kind"], "Only the bench answers what you write; the others answer as they are.", "itself");
  }
  readAnswer(reader, ["server", "answer"], server.answer);
  if (kind === "raw") {
    if (server.preflight !== null) readAnswer(reader, ["server", "preflight"], server.preflight);
    return;
  }
  reader.boolean(["server", "protection"], server.protection);
  readPolicy(reader, ["server", "policy"], server.policy, policyIssues);
}

function readGateway(reader: Reader, value: unknown, target: string, policyIssues: PolicyIssues): void {
  if (value === null) return;
  const gateway = reader.object(["gateway"], value);
  reader.boolean(["gateway", "cache"], gateway.cache);
  reader.boolean(["gateway", "retries"], gateway.retries);
  if (target === "social") reader.issue(["gateway"], "The gateway does not stand in front of the social network.");
  readPolicy(reader, ["gateway", "policy"], gateway.policy, policyIssues);
}

function readPolicy(reader: Reader, path: Path, policy: unknown, policyIssues: PolicyIssues): void {
  for (const issue of policyIssues(policy)) reader.issue([...path, ...issue.path], issue.message, issue.suggestion);
}

// What each field may be by itself, and what does not go together.
function checkTogether(reader: Reader, root: Fields): void {
  const request = (root.request ?? {}) as Fields;
  const page = (root.page ?? {}) as Fields;
  const cookies = (root.cookies ?? {}) as Fields;
  if (request.via === "form" && page.kind === "typed") {
    reader.issue(["page", "kind"], "A form is submitted from a page that is there: choose one of the lab's.", "origin");
  }
  if (root.place === "window" && page.kind === "sandboxed") {
    reader.issue(["place"], "A sandboxed document is shown in a frame.", "frame");
  }
  if (root.place === "frame" && request.target === "social") {
    reader.issue(
      ["place"],
      "Inside the page of the lab every site is a third party, and its cookies with it: choose a window.",
      "window",
    );
  }
  // It would run with the rights of the page that asks, and a link would have written it.
  if (request.via === "script" && request.target === "bench") {
    reader.issue(["request", "target"], "No page of the lab runs a script that the bench answers.", "weather");
  }
  if (request.target === "weather" && cookies.loggedIn === true) {
    reader.issue(["cookies", "loggedIn"], "The weather service knows no users.", false);
  }
  // A document shows an element of the same URL again without asking.
  if (request.via !== "fetch" && Number(root.times) > 1) {
    reader.issue(["times"], "Forms and elements ask once; fetch() asks as often as you like.", 1);
  }
  if (root.gateway === null && Number(root.lostAnswers) > 0) {
    reader.issue(["lostAnswers"], "Answers get lost behind the gateway: let the page ask through it.", 0);
  }
  if ((request.via === "image" || request.via === "script") && request.mode === "same-origin") {
    reader.issue(["request", "mode"], "An element knows no-cors and cors.", "no-cors");
  }
}
