import { randomUUID } from "node:crypto";
import { isLoopbackHost, type ProfileName } from "@corsac/protocol";
import { CheckOptionsError, type CheckReport, check } from "corsac";
import type { CheckAnswer, CheckOrder, RunnerPlan } from "../../situation/lab-api.ts";
import type { LabOrigins } from "../../situation/origins.ts";
import type { HeaderLine } from "../../situation/situation.ts";
import type { SituationIssue } from "../../situation/situation-issue.ts";

/** An order that is not carried out. */
export class CheckRefusedError extends Error {
  override readonly name = "CheckRefusedError";
  readonly issues: readonly SituationIssue[];

  constructor(issues: readonly SituationIssue[]) {
    super(issues.map(({ message }) => message).join(" "));
    this.issues = issues;
  }
}

/** Seconds that an API may take to answer. */
const timeout = 10;

/**
 * "Try my API": checks a URL of this machine, and says what to do in the visitor's browser. The lab sends nothing to
 * other machines, also not where a redirect leads there: whatever made the page ask for it could see by the answers what
 * is in the visitor's network.
 *
 * @throws {CheckRefusedError} when the order is faulty, or the URL of another machine
 */
export async function checkUrl(order: object, profile: ProfileName, origins: LabOrigins): Promise<CheckAnswer> {
  const read = readOrder(order);
  if (!isOnThisMachine(new URL(read.url))) {
    throw refusal("url", "The lab asks servers of this machine only: for others there is npx corsac check.");
  }
  try {
    const { url, origin, method, headers, body, credentials, send } = read;
    const report = await check({
      ...{ url, origin, method, headers, credentials, send, timeout, browser: profile },
      ...(body === null ? {} : { body }),
      permits: isOnThisMachine,
    });
    const runner: RunnerPlan = report.exchanges.some(leadsAway)
      ? {
          kind: "none",
          reason: "The answer leads to another machine: the lab sends your browser there no more than corsac.",
        }
      : runnerFor(read, origins);
    return { report, runner };
  } catch (error) {
    if (!(error instanceof CheckOptionsError)) throw error;
    throw new CheckRefusedError(error.issues.map((message) => ({ path: [], message, suggestion: null })));
  }
}

// Names that somebody else resolves can be made to point anywhere; these cannot.
function isOnThisMachine({ protocol, hostname }: URL): boolean {
  return /^https?:$/.test(protocol) && isLoopbackHost(hostname);
}

function leadsAway({ request, response }: CheckReport["exchanges"][number]): boolean {
  if (response.kind !== "response" || response.status < 300 || response.status > 399) return false;
  const location = response.headers.find(({ name }) => name.toLowerCase() === "location")?.value;
  if (location === undefined || !URL.canParse(location, request.url)) return false;
  return !isOnThisMachine(new URL(location, request.url));
}

function readOrder(order: object): CheckOrder {
  const given = order as Partial<Record<keyof CheckOrder, unknown>>;
  const { url, origin, method, headers, body = null, credentials, send } = given;
  if (typeof url !== "string" || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    // `localhost:3000` is a URL, of the scheme `localhost`.
    const suggestion = /^[a-z][\w.-]*:\d/i.test(String(url)) ? `http://${url}` : null;
    throw refusal("url", "Write a URL with scheme and host, such as http://localhost:3000/books.", suggestion);
  }
  if (typeof origin !== "string") throw refusal("origin", "Name the origin of the page.");
  if (typeof method !== "string") throw refusal("method", "Name the method.");
  if (!isHeaderList(headers)) throw refusal("headers", "Headers are a list of names and values.");
  if (body !== null && typeof body !== "string") throw refusal("body", "The body is a text.");
  if (credentials !== "include" && credentials !== "omit" && credentials !== "same-origin") {
    throw refusal("credentials", "Choose one of same-origin, include, omit.");
  }
  return { ...{ url, origin, method, headers, body, credentials }, send: send === true };
}

function isHeaderList(value: unknown): value is readonly HeaderLine[] {
  const isText = (each: unknown) => typeof each === "string";
  return Array.isArray(value) && value.every((line) => Array.isArray(line) && line.length === 2 && line.every(isText));
}

function refusal(field: keyof CheckOrder, message: string, suggestion: string | null = null): CheckRefusedError {
  return new CheckRefusedError([{ path: [field], message, suggestion }]);
}

function runnerFor(
  { url, origin, method, headers, body, credentials, send }: CheckOrder,
  origins: LabOrigins,
): RunnerPlan {
  if (!Object.values(origins).includes(origin)) {
    return { kind: "none", reason: `The lab has no page of ${origin}: choose one of its own origins.` };
  }
  if (!send && !/^(?:GET|HEAD|OPTIONS)$/.test(method)) {
    return { kind: "none", reason: `A ${method} may change something: say that it may be sent.` };
  }
  const request = { via: "fetch", fields: [], enctype: "text/plain", mode: "cors", redirect: "follow" } as const;
  return {
    ...{ kind: "frame", url: `${origin}/.lab/runner`, sandbox: null, origin },
    command: {
      ...{ type: "corsac-lab/run", id: randomUUID(), times: 1 },
      request: { ...request, url, method, headers, body, credentials },
    },
  };
}
