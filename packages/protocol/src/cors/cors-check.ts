import { isByteCaseInsensitiveMatch } from "../header/bytes.ts";
import type { HeaderList } from "../header/header-list.ts";
import { getHeader } from "../header/header-list.ts";
import { parseOrigin } from "../origin/origin.ts";
import type { Problem, ProblemOf, ProblemStage } from "../problem/problem.ts";
import type { CredentialsMode } from "../request/request.ts";

/** What a CORS check looks at in the request. */
export interface CorsCheckRequest {
  /** The byte-serialized request origin: what the request's `Origin` header says. */
  readonly serializedOrigin: string;
  readonly credentialsMode: CredentialsMode;
}

/** What a CORS check looks at in the response. */
export interface CorsCheckResponse {
  readonly status: number;
  readonly headers: HeaderList;
}

/** The outcome of a CORS check. */
export type CorsCheckResult = { readonly ok: true } | { readonly ok: false; readonly problem: Problem };

const success: CorsCheckResult = { ok: true };

/**
 * Performs a CORS check: may the origin that asks read this response?
 *
 * @param stage where in the fetch the response came; it is only carried into the problem.
 * @see https://fetch.spec.whatwg.org/#cors-check
 */
export function corsCheck(
  request: CorsCheckRequest,
  response: CorsCheckResponse,
  stage: ProblemStage = "response",
): CorsCheckResult {
  const problem = allowOriginProblem(request, response, stage) ?? allowCredentialsProblem(request, response, stage);
  return problem === null ? success : { ok: false, problem };
}

/**
 * Lists everything that a CORS check has against a response, where the check itself stops at the first.
 * Empty exactly when {@link corsCheck} succeeds.
 */
export function corsCheckProblems(
  request: CorsCheckRequest,
  response: CorsCheckResponse,
  stage: ProblemStage = "response",
): Problem[] {
  return [allowOriginProblem(request, response, stage), allowCredentialsProblem(request, response, stage)].filter(
    (problem) => problem !== null,
  );
}

type AllowOriginProblem = ProblemOf<
  | "allow-origin-invalid"
  | "allow-origin-mismatch"
  | "allow-origin-missing"
  | "allow-origin-multiple"
  | "allow-origin-wildcard-with-credentials"
>;

/** A problem that a CORS check finds. */
export type CorsCheckProblem = AllowOriginProblem | ProblemOf<"allow-credentials-not-true">;

/** Reports whether a problem is one that a CORS check finds. */
export function isCorsCheckProblem(problem: Problem): problem is CorsCheckProblem {
  return problem.code.startsWith("allow-origin-") || problem.code === "allow-credentials-not-true";
}

function allowOriginProblem(
  { serializedOrigin: expected, credentialsMode }: CorsCheckRequest,
  { status, headers }: CorsCheckResponse,
  stage: ProblemStage,
): AllowOriginProblem | null {
  const actual = getHeader(headers, "access-control-allow-origin");
  if (actual === null) return { code: "allow-origin-missing", stage, expected, status };
  if (actual === "*" && credentialsMode !== "include") return null;
  if (actual === expected) return null;
  if (actual === "*") return { code: "allow-origin-wildcard-with-credentials", stage, expected };
  const lines = headers.filter(([name]) => isByteCaseInsensitiveMatch(name, "access-control-allow-origin")).length;
  if (lines > 1 || actual.split(/[ ,]+/).filter(Boolean).length > 1) {
    return { code: "allow-origin-multiple", stage, expected, actual, lines };
  }
  const isOrigin = actual === "null" || parseOrigin(actual) !== null;
  return { code: isOrigin ? "allow-origin-mismatch" : "allow-origin-invalid", stage, expected, actual };
}

function allowCredentialsProblem(
  { credentialsMode }: CorsCheckRequest,
  { headers }: CorsCheckResponse,
  stage: ProblemStage,
): ProblemOf<"allow-credentials-not-true"> | null {
  if (credentialsMode !== "include") return null;
  const actual = getHeader(headers, "access-control-allow-credentials");
  return actual === "true" ? null : { code: "allow-credentials-not-true", stage, actual };
}
