import { nodePolicyOf } from "./node-policy.ts";
import { admit } from "./node-response/admit.ts";
import { type NodeRequest, protectedRequestOf } from "./node-response/node-request.ts";
import type { NodeResponse } from "./node-response/node-response.ts";
import { protect } from "./node-response/protect.ts";
import type { PolicyArgument } from "./policy-argument.ts";
import { type ProtectionArgument, protectionOf } from "./protection-argument.ts";

export { idempotencyKey } from "./idempotency/koa.ts";
export type { PolicyArgument } from "./policy-argument.ts";
export type { ProtectionArgument } from "./protection-argument.ts";
export { resource } from "./resource/koa.ts";
export { safeMethods } from "./safe-methods/koa.ts";

/** What the adapter uses of Koa's context. */
export interface KoaContext {
  readonly req: NodeRequest;
  readonly res: NodeResponse;
  readonly originalUrl: string;
}

/** Middleware of Koa 2 and 3. */
export type KoaMiddleware = (context: KoaContext, next: () => Promise<unknown>) => Promise<unknown>;

/**
 * Applies a policy to an application or to a part of it, in Koa 2 and 3: answers preflights and edits the headers of
 * every other response as they are sent. Use it before anything that answers, such as authentication.
 *
 * @example
 * app.use(cors({ origins: ["https://app.example"] }));
 *
 * @throws {PolicyError} with everything that is wrong with the options
 */
export function cors(...given: [policy: PolicyArgument]): KoaMiddleware {
  const policy = nodePolicyOf(given, "app.use(cors(policy))");
  return createKoaMiddleware(({ req, res }) => admit(policy, req, res));
}

/**
 * Refuses unsafe requests that pages of other origins make browsers send, since CORS lets them be sent. Use it after
 * `cors` and before anything that reads bodies.
 *
 * @example
 * app.use(cors(policy)).use(crossOriginProtection(policy));
 *
 * @throws {CrossOriginProtectionError} with everything that is wrong with the options
 */
export function crossOriginProtection(...given: [policy?: ProtectionArgument]): KoaMiddleware {
  const protection = protectionOf(given, "app.use(crossOriginProtection())");
  return createKoaMiddleware(({ req, res, originalUrl }) =>
    protect(protection, protectedRequestOf(req, originalUrl), res),
  );
}

function createKoaMiddleware(gate: (context: KoaContext) => boolean | Promise<boolean>): KoaMiddleware {
  return (context, next) => {
    const goesOn = gate(context);
    if (goesOn === true) return next().then(undefined, rethrow);
    if (goesOn === false) return Promise.resolve();
    return goesOn.then((late) => (late ? next().then(undefined, rethrow) : undefined));
  };
}

/** Koa takes `throw null` for success that somebody else answers, so that the request would hang. */
function rethrow(thrown: unknown): never {
  throw thrown ?? new Error(`${thrown} was thrown`);
}
