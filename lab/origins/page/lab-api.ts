import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ProfileName } from "@corsac/protocol";
import { profiles } from "@corsac/protocol";
import { type LabRuns, profileOfUserAgent } from "../../run/lab-runs.ts";
import type { LabProblem, RunOrder, SeenReport, SituationAnswer, World, WorldOrder } from "../../situation/lab-api.ts";
import type { LabOrigins } from "../../situation/origins.ts";
import { type ParsedSituation, parseSituation } from "../../situation/parse-situation.ts";
import type { BooksApplication } from "../books/books-application.ts";
import { policyIssues } from "../policy-issues.ts";
import { BodyTooLargeError, readBody } from "../read-body.ts";
import { isSameSite, sessionCookies } from "../social-network/session-cookie.ts";
import type { SocialNetwork } from "../social-network/social-application.ts";
import { CheckRefusedError, checkUrl } from "./check-url.ts";
import { redirectIssues } from "./redirect-issues.ts";

/** What the API works with. */
export interface LabApiOptions {
  readonly origins: LabOrigins;
  readonly token: string;
  readonly runs: LabRuns;
  readonly social: SocialNetwork;
  readonly books: BooksApplication;
}

/** An answer in JSON. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly cookies?: readonly string[];
}

const bodyLimit = 262_144;

/**
 * The API of the lab's page. Only that page is answered: a call comes from its origin, says so in every way that
 * browsers have, and carries the token that stands in it.
 *
 * @returns whether the request was one for the API
 */
export function createLabApi(options: LabApiOptions): (request: IncomingMessage, response: ServerResponse) => boolean {
  const answerTo = createCalls(options);
  return (request, response) => {
    const { pathname } = new URL(request.url ?? "/", options.origins.lab);
    if (!pathname.startsWith("/api/")) return false;
    void respond(request, pathname).then(
      (answer) => write(response, answer),
      (error: Error) => write(response, failed(error)),
    );
    return true;
  };

  async function respond(request: IncomingMessage, pathname: string): Promise<Answer> {
    const refusal = refusalOf(request, options);
    if (refusal !== null) return problem(403, refusal);
    if (request.method !== "POST") return problem(405, "Calls of the lab's API are POST.");
    if (!/^application\/json(?:;|$)/i.test(request.headers["content-type"] ?? "")) {
      return problem(415, "Calls of the lab's API are JSON.");
    }
    return answerTo(pathname, JSON.parse(await readBody(request, bodyLimit)), request);
  }
}

function refusalOf({ headers }: IncomingMessage, { origins, token }: LabApiOptions): string | null {
  if (headers.origin !== origins.lab) return "Only the page of the lab may ask this.";
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return "Only the page of the lab may ask this.";
  const given = Buffer.from(String(headers["x-lab-token"] ?? ""));
  const expected = Buffer.from(token);
  const isRight = given.length === expected.length && timingSafeEqual(given, expected);
  return isRight ? null : "The token is missing or of another start of the lab: reload the page.";
}

function createCalls({ origins, runs, social, books }: LabApiOptions) {
  const parse = (value: unknown): ParsedSituation => {
    const parsed = parseSituation(value, policyIssues);
    if (!parsed.ok) return parsed;
    const issues = redirectIssues(parsed.situation, origins);
    return issues.length === 0 ? parsed : { ok: false, issues };
  };

  const run = async (order: RunOrder, request: IncomingMessage): Promise<Answer> => {
    const parsed = parse(order.situation);
    if (!parsed.ok) return problem(422, "This situation cannot be run.", parsed.issues);
    const start = await runs.start(parsed.situation, profileFor(order.profile, request));
    // Cookies know no ports: what this answer sets is there for the bench and the books API as well.
    return { status: 201, body: start, cookies: sessionCookies(parsed.situation.cookies) };
  };

  const seen = async (id: string, { seen: given }: SeenReport): Promise<Answer> => {
    const report = await runs.finish(id, given);
    return report === null ? problem(404, "This run is over: run it again.") : { status: 200, body: report };
  };

  const world = async (order: WorldOrder): Promise<Answer> => {
    if (order.reset === true) {
      social.reset();
      await books.reset();
    }
    if (typeof order.socialProtection === "boolean") social.settings.protection = order.socialProtection;
    if (isSameSite(order.sameSite)) social.settings.sameSite = order.sameSite;
    const { protection, sameSite } = social.settings;
    const state: World = { posts: social.posts(), socialProtection: protection, sameSite };
    return { status: 200, body: state };
  };

  return async (pathname: string, order: unknown, request: IncomingMessage): Promise<Answer> => {
    if (typeof order !== "object" || order === null) return problem(400, "An order is an object.");
    const [, id] = /^\/api\/runs\/([a-z\d]{1,40})\/seen$/.exec(pathname) ?? [];
    if (id !== undefined) return seen(id, order as SeenReport);
    switch (pathname) {
      case "/api/situation": {
        const parsed = parse(order);
        const answer: SituationAnswer = { issues: parsed.ok ? [] : parsed.issues };
        return { status: 200, body: answer };
      }
      case "/api/runs":
        return run(order as RunOrder, request);
      case "/api/check": {
        const { profile } = order as RunOrder;
        return { status: 200, body: await checkUrl(order, profileFor(profile, request), origins) };
      }
      case "/api/world":
        return world(order as WorldOrder);
      default:
        return problem(404, "The lab's API has no such call.");
    }
  };
}

function profileFor(wanted: unknown, request: IncomingMessage): ProfileName {
  if (typeof wanted === "string" && Object.hasOwn(profiles, wanted)) return wanted as ProfileName;
  return profileOfUserAgent(request.headers["user-agent"] ?? "");
}

function problem(status: number, error: string, issues?: LabProblem["issues"]): Answer {
  const body: LabProblem = issues === undefined ? { error } : { error, issues };
  return { status, body };
}

function failed(error: Error): Answer {
  if (error instanceof SyntaxError) return problem(400, "The order is not JSON.");
  if (error instanceof BodyTooLargeError) return problem(413, error.message);
  if (error instanceof CheckRefusedError) return problem(422, error.message, error.issues);
  return problem(500, error.message);
}

function write(response: ServerResponse, { status, body, cookies = [] }: Answer): void {
  response
    .writeHead(status, {
      "Content-Type": "application/json",
      "Cache-Control": "no-store",
      ...(cookies.length === 0 ? {} : { "Set-Cookie": [...cookies] }),
    })
    .end(JSON.stringify(body));
}
