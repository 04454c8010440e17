import {
  type FetchHandler,
  type FetchWrapper,
  policyWrapper,
  protectionWrapper,
} from "./fetch-response/fetch-wrapper.ts";
import { internalServerError } from "./fetch-response/internal-server-error.ts";
import { type PolicyArgument, policyOf } from "./policy-argument.ts";
import { type ProtectionArgument, protectionOf } from "./protection-argument.ts";

export type { FetchHandler, FetchWrapper } from "./fetch-response/fetch-wrapper.ts";
export { idempotencyKey } from "./idempotency/next.ts";
export type { PolicyArgument } from "./policy-argument.ts";
export type { ProtectionArgument } from "./protection-argument.ts";
export { resource } from "./resource/next.ts";
export { safeMethods } from "./safe-methods/web.ts";

/** The handlers of a route, wrapped. */
export type WrappedHandlers<Handlers> = {
  readonly [Method in keyof Handlers]: Handlers[Method] extends (
    request: infer Req extends Request,
    ...rest: infer Rest
  ) => unknown
    ? (request: Req, ...rest: Rest) => Promise<Response>
    : never;
};

/** Stands before one handler, or before all handlers of a route. */
export interface NextCors extends FetchWrapper {
  /**
   * Wraps all handlers of a route and adds the one for `OPTIONS` that preflights need. Other `OPTIONS` requests are
   * answered with `Allow`, as by Next.js itself, unless the route has a handler for them.
   */
  routes<Handlers extends Readonly<Record<string, FetchHandler<never, never>>>>(
    handlers: Handlers,
  ): WrappedHandlers<{ readonly OPTIONS: (request: Request) => Response } & Handlers>;
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
  const wrap = policyWrapper(
    policyOf(given, "export const { GET, OPTIONS } = cors(policy).routes({ GET })"),
    thrownResponse,
  );
  const routes = (handlers: Readonly<Record<string, FetchHandler>>) => {
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
export function crossOriginProtection(...given: [policy?: ProtectionArgument]): FetchWrapper {
  return protectionWrapper(protectionOf(given, "export const proxy = crossOriginProtection()(handler)"));
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
