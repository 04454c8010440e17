import type { NetworkErrorReason } from "../fetch/exchange.ts";

/**
 * Where in a fetch a problem arose: before anything was sent, at the CORS-preflight response, at a response that
 * redirects (or the step that follows it), or at the final response.
 */
export type ProblemStage = "preflight" | "redirect" | "request" | "response";

/** The deciding values of each problem; everything else stands in the exchange. */
interface Details {
  "allow-origin-missing": { readonly expected: string; readonly status: number };
  "allow-origin-invalid": { readonly expected: string; readonly actual: string };
  "allow-origin-mismatch": { readonly expected: string; readonly actual: string };
  "allow-origin-multiple": { readonly expected: string; readonly actual: string; readonly lines: number };
  "allow-origin-wildcard-with-credentials": { readonly expected: string };
  "allow-credentials-not-true": { readonly actual: string | null };
  "preflight-status-not-ok": { readonly status: number };
  "preflight-redirected": { readonly status: number; readonly location: string | null };
  "preflight-network-error": { readonly reason: NetworkErrorReason; readonly message: string };
  "allow-methods-unparsable": { readonly actual: string };
  "allow-headers-unparsable": { readonly actual: string };
  "method-not-allowed": { readonly method: string; readonly allowed: readonly string[] };
  "method-case-mismatch": { readonly method: string; readonly allowed: readonly string[] };
  "allow-methods-wildcard-with-credentials": { readonly method: string };
  "header-not-allowed": { readonly names: readonly string[]; readonly allowed: readonly string[] };
  "allow-headers-wildcard-with-credentials": { readonly names: readonly string[] };
  "authorization-not-covered-by-wildcard": { readonly names: readonly string[] };
  "redirect-mode-error": { readonly status: number };
  "redirect-location-invalid": { readonly location: string };
  "redirect-scheme": { readonly location: string };
  "redirect-count": { readonly limit: number };
  "redirect-with-credentials-in-url": { readonly location: string };
  "redirect-body-not-replayable": { readonly status: number };
  "url-scheme-unsupported": { readonly scheme: string };
  "url-unknown": { readonly url: string };
  "mode-same-origin": { readonly url: string };
  "no-cors-redirect-mode": { readonly redirectMode: string };
  "bad-port": { readonly port: number };
  "mixed-content": { readonly url: string };
  "corp-blocked": { readonly policy: string; readonly byEmbedderPolicy: boolean };
  "nosniff-blocked": { readonly mimeType: string | null };
  "mime-type-blocked": { readonly mimeType: string };
  "integrity-mismatch": { readonly integrity: string };
  "keepalive-body-too-large": { readonly limit: number };
  "only-if-cached-miss": { readonly url: string };
  "proxy-authentication-required": { readonly status: number };
  "network-error": { readonly reason: NetworkErrorReason; readonly message: string };
}

/** A stable name for what went wrong: the header or the step, then the fault. */
export type ProblemCode = keyof Details;

/**
 * Why a fetch ended in a network error: the reason that a script is never told. Data, not sentences, so that each
 * front end writes its own.
 */
export type Problem = {
  [C in ProblemCode]: { readonly code: C; readonly stage: ProblemStage } & Details[C];
}[ProblemCode];

/** The problem with one code. */
export type ProblemOf<C extends ProblemCode> = Extract<Problem, { readonly code: C }>;
