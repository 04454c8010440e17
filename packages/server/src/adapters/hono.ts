import type { ProtectionVerdict } from "../cross-origin-protection/index.ts";
import type { Decision, HeaderEdits } from "../decision/decision.ts";
import { claim } from "./fetch-response/claim.ts";
import { editResponse, preflightResponse } from "./fetch-response/edit-response.ts";
import { internalServerError } from "./fetch-response/internal-server-error.ts";
import { refusedResponse } from "./fetch-response/refused-response.ts";
import { editAtFlush } from "./node-response/edit-at-flush.ts";
import type { NodeRequest } from "./node-response/node-request.ts";
import type { NodeResponse } from "./node-response/node-response.ts";
import { type PolicyArgument, policyOf } from "./policy-argument.ts";
import { type ProtectionArgument, protectionOf } from "./protection-argument.ts";

export { idempotencyKey } from "./idempotency/hono.ts";
export type { PolicyArgument } from "./policy-argument.ts";
export type { ProtectionArgument } from "./protection-argument.ts";
export { resource } from "./resource/hono.ts";
export { safeMethods } from "./safe-methods/hono.ts";

/** What the adapter uses of Hono's context. */
export interface HonoContext {
  readonly req: { readonly raw: Request };
  readonly env: unknown;
  readonly finalized: boolean;
  res: Response;
}

/** Middleware of Hono 4. */
export type HonoMiddleware = (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined>;

/**
 * Applies a policy to an application or to a part of it, in Hono 4 and every runtime that it runs in: answers preflights
 * and edits the headers of every other response. Use it before anything that answers, such as authentication, and for
 * whole paths: `app.get(path, cors(policy))` would see no preflight. Of two policies for one request the first decides.
 *
 * @example
 * app.use(cors({ origins: ["https://app.example"] }));
 *
 * @throws {PolicyError} with everything that is wrong with the options
 */
export function cors(...given: [policy: PolicyArgument]): HonoMiddleware {
  const policy = policyOf(given, "app.use(cors(policy))");
  return async (context, next) => {
    const request = context.req.raw;
    if (!claim(request, policy)) {
      await next();
      return undefined;
    }
    // Node's own record of the headers is there already, and asking it takes no walk through them.
    const deciding: Decision | Promise<Decision> = policy.decide(incomingOf(context.env) ?? request);
    const decision = "then" in deciding ? await deciding : deciding;
    if (decision.kind !== "pass") return preflightResponse(decision.status, decision.edits);
    await edited(context, next, decision.edits);
    return undefined;
  };
}

/**
 * Refuses unsafe requests that pages of other origins make browsers send, since CORS lets them be sent. Use it after
 * `cors` and before anything that reads bodies.
 *
 * @example
 * app.use(cors(policy), crossOriginProtection(policy));
 *
 * @throws {CrossOriginProtectionError} with everything that is wrong with the options
 */
export function crossOriginProtection(...given: [policy?: ProtectionArgument]): HonoMiddleware {
  const protection = protectionOf(given, "app.use(crossOriginProtection())");
  return async (context, next) => {
    const verdict: ProtectionVerdict = await protection.check(context.req.raw);
    if (!verdict.ok) return refusedResponse(verdict);
    if (verdict.vary.length === 0) await next();
    else await edited(context, next, { set: [], remove: [], vary: verdict.vary });
    return undefined;
  };
}

/** Runs the application and edits the headers of its response. */
async function edited(context: HonoContext, next: () => Promise<void>, edits: HeaderEdits): Promise<void> {
  const nodeResponse = nodeResponseOf(context.env);
  if (nodeResponse !== null) {
    editAtFlush(nodeResponse, edits);
    return next();
  }
  try {
    await next();
  } catch (thrown) {
    // Hono lets everything but errors pass, and the runtime's own answer would lack the headers.
    context.res = internalServerError(thrown);
  }
  const { res } = context;
  const response = editResponse(res, edits);
  if (response === res) return;
  // Hono would merge the headers of the response before into the new one, and bring back what was removed.
  (context as { res: Response | undefined }).res = undefined;
  context.res = response;
}

/** With `@hono/node-server`, Node's response is there, by which raw replies and uncaught exceptions go out too. */
function nodeResponseOf(env: unknown): NodeResponse | null {
  if (typeof env !== "object" || env === null || !("outgoing" in env)) return null;
  const { outgoing } = env;
  return typeof outgoing === "object" && outgoing !== null && "writeHead" in outgoing
    ? (outgoing as NodeResponse)
    : null;
}

/** With `@hono/node-server`, Node's request is there too. */
function incomingOf(env: unknown): NodeRequest | null {
  if (typeof env !== "object" || env === null || !("incoming" in env)) return null;
  const { incoming } = env;
  return typeof incoming === "object" && incoming !== null && "headers" in incoming ? (incoming as NodeRequest) : null;
}
