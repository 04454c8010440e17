import type { ProtectionVerdict } from "../cross-origin-protection/index.ts";
import type { Decision } from "../decision/decision.ts";
import { claim } from "./fetch-response/claim.ts";
import { editResponse, preflightResponse } from "./fetch-response/edit-response.ts";
import { internalServerError } from "./fetch-response/internal-server-error.ts";
import { refusedResponse } from "./fetch-response/refused-response.ts";
import { type PolicyArgument, policyOf } from "./policy-argument.ts";
import { type ProtectionArgument, protectionOf } from "./protection-argument.ts";

export { idempotencyKey } from "./idempotency/next.ts";
export type { PolicyArgument } from "./policy-argument.ts";
export type { ProtectionArgument } from "./protection-argument.ts";
export { resource } from "./resource/next.ts";
export { safeMethods } from "./safe-methods/web.ts";

/** A route handler, or a proxy (in Next.js 15: middleware). What comes after the request is passed on. */
export type NextHandler<R extends Request = Request, Rest extends readonly unknown[] = readonly never[]> = (
  request: R,
  ...rest: Rest
) => Response | PromiseLike<Response>;

/** Stands before a handler. */
export type NextWrapper = <R extends Request, Rest extends readonly unknown[]>(
  handler: NextHandler<R, Rest>,
) => (request: R, ...rest: Rest) => Promise<Response>;

/** Stands before one handler, or before all handlers of a route. */
export interface NextCors extends NextWrapper {
  /**
   * Wraps all handlers of a route and adds the one for `OPTIONS` that preflights need. Other `OPTIONS` requests are
   * answered with `Allow`, as by Next.js itself, unless the route has a handler for them.
   */
  routes<Handlers extends Readonly<Record<string, NextHandler<never, never>>>>(
    handlers: Handlers,
  ): Handlers & { readonly OPTIONS: (request: Request) => Promise<Response> };
}

/**
 * Applies a policy to route handlers or to a proxy of Next.js 15 and 16: answers preflights and edits the headers of
 * every other response. What a handler throws is logged and answered with 500, since the answer of Next.js would lack
 * the headers; `redirect()`, `notFound()` and their kin work as ever.
 *
 * Routes are the better place. A proxy sees every request, but Next.js lets it only set headers: what a route itself says
 * to an origin that is not allowed stays, and the page for 404 loses `Vary: Origin`.
 *
 * @example
 * export const { GET, PUT, OPTIONS } = cors({ origins: ["https://app.example"] }).routes({ GET: read, PUT: replace });
 * export const proxy = cors({ origins: ["https://app.example"] })(() => NextResponse.next());
 *
 * @throws {PolicyError} with everything that is wrong with the options
 */
export function cors(...given: [policy: PolicyArgument]): NextCors {
  const policy = policyOf(given, "export const { GET, OPTIONS } = cors(policy).routes({ GET })");
  const wrap: NextWrapper =
    (handler) =>
    async (request, ...rest) => {
      if (!claim(request, policy)) return handler(request, ...rest);
      const deciding: Decision | Promise<Decision> = policy.decide(request);
      const decision = "then" in deciding ? await deciding : deciding;
      if (decision.kind !== "pass") return preflightResponse(decision.status, decision.edits);
      let response: Response;
      try {
        response = await handler(request, ...rest);
      } catch (thrown) {
        response = thrownResponse(thrown);
      }
      return editResponse(response, decision.edits);
    };
  const routes = (handlers: Readonly<Record<string, NextHandler>>) => {
    const all = { OPTIONS: () => allowResponse(Object.keys(handlers)), ...handlers };
    return Object.fromEntries(Object.entries(all).map(([method, handler]) => [method, wrap(handler)]));
  };
  return Object.assign(wrap, { routes }) as NextCors;
}

/**
 * Refuses unsafe requests that pages of other origins make browsers send, since CORS lets them be sent.
 *
 * @example
 * export const proxy = crossOriginProtection(policy)(() => NextResponse.next());
 *
 * @throws {CrossOriginProtectionError} with everything that is wrong with the options
 */
export function crossOriginProtection(...given: [policy?: ProtectionArgument]): NextWrapper {
  const protection = protectionOf(given, "export const proxy = crossOriginProtection()(handler)");
  return (handler) =>
    async (request, ...rest) => {
      const verdict: ProtectionVerdict = await protection.check(request);
      if (!verdict.ok) return refusedResponse(verdict);
      const response = await handler(request, ...rest);
      return verdict.vary.length === 0 ? response : editResponse(response, { set: [], remove: [], vary: verdict.vary });
    };
}

function allowResponse(methods: readonly string[]): Response {
  const allowed = new Set([...methods, "OPTIONS"]);
  if (allowed.has("GET")) allowed.add("HEAD");
  return new Response(null, { status: 204, headers: { allow: [...allowed].sort().join(", ") } });
}

/**
 * Makes the response for what a handler threw. Next.js throws errors with a digest to steer: those of `redirect()` and
 * `notFound()` stand for responses, all others are its own business.
 */
function thrownResponse(thrown: unknown): Response {
  if (typeof thrown !== "object" || thrown === null || !("digest" in thrown) || typeof thrown.digest !== "string") {
    return internalServerError(thrown);
  }
  const [name, ...details] = thrown.digest.split(";");
  if (name === "NEXT_HTTP_ERROR_FALLBACK") return new Response(null, { status: Number(details[0]) });
  if (name !== "NEXT_REDIRECT") throw thrown;
  // NEXT_REDIRECT;<push or replace>;<location, which may have semicolons>;<status>;
  const location = details.slice(1, -2).join(";");
  return new Response(null, { status: Number(details.at(-2)), headers: { location } });
}
