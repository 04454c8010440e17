import type { Decision } from "../decision/decision.ts";
import type { AsyncPolicy } from "../policy/policy.ts";
import { nodePolicyOf } from "./node-policy.ts";
import { appliedPolicyOf, applyAtFlush } from "./node-response/edit-at-flush.ts";
import { type NodeRequest, protectedRequestOf } from "./node-response/node-request.ts";
import type { NodeResponse } from "./node-response/node-response.ts";
import { protect } from "./node-response/protect.ts";
import type { PolicyArgument } from "./policy-argument.ts";
import { type ProtectionArgument, protectionOf } from "./protection-argument.ts";
import { warnStacked } from "./warn-stacked.ts";

export { idempotencyKey } from "./idempotency/fastify.ts";
export type { PolicyArgument } from "./policy-argument.ts";
export type { ProtectionArgument } from "./protection-argument.ts";
export { resource } from "./resource/fastify.ts";
export { safeMethods } from "./safe-methods/fastify.ts";

/** What the adapter uses of Fastify's request. */
export interface FastifyRequest {
  readonly raw: NodeRequest;
  readonly originalUrl: string;
}

/** What the adapter uses of Fastify's reply. */
export interface FastifyReply {
  readonly raw: NodeResponse;
  code(status: number): { send(): unknown };
  callNotFound(): unknown;
}

/** What the adapter uses of a route. */
export interface FastifyRoute {
  readonly method: string | readonly string[];
  readonly url: string;
  /** Without the prefix of its scope. */
  readonly routePath: string;
}

/** What the adapter uses of Fastify. */
export interface FastifyInstance {
  readonly server: { prependListener(event: "request", listener: RequestListener): unknown };
  addHook(name: "onRequest", hook: OnRequest): unknown;
  addHook(name: "onRoute", hook: (this: FastifyInstance, route: FastifyRoute) => void): unknown;
  hasRoute(route: { readonly method: "OPTIONS"; readonly url: string }): boolean;
  route(route: {
    readonly method: "OPTIONS";
    readonly url: string;
    readonly prefixTrailingSlash: "slash";
    readonly handler: (request: FastifyRequest, reply: FastifyReply) => void;
  }): unknown;
}

/** A plugin that acts where it is registered, without a scope of its own. */
export type FastifyPlugin = (instance: FastifyInstance, options: unknown, done: (error?: Error) => void) => void;

type RequestListener = (request: NodeRequest, response: NodeResponse) => void;
type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

/**
 * Applies a policy to an application or to a scope of it, in Fastify 5: answers preflights and edits the headers of
 * every other response as they are sent. Register it before anything that answers, such as authentication; in a scope,
 * await the registration, so that the routes below get what preflights need.
 *
 * @example
 * app.register(cors({ origins: ["https://app.example"] }));
 * app.register(async (partners) => {
 *   await partners.register(cors({ origins: ["https://partner.example"] }));
 *   partners.get("/books", listBooks);
 * });
 *
 * @throws {PolicyError} with everything that is wrong with the options
 */
export function cors(...given: [policy: PolicyArgument]): FastifyPlugin {
  const policy = nodePolicyOf(given, "app.register(cors(policy))");
  return createPlugin((instance) => {
    // Only the application itself owns its server; scopes inherit it.
    if (Object.hasOwn(instance, "server")) decideAtOnce(instance, policy);
    else routePreflights(instance);
    instance.addHook("onRequest", ({ raw }, reply, done) => {
      const first = appliedPolicyOf(reply.raw);
      if (first !== null) {
        if (first.policy === policy) return follow(first.decision, reply, done);
        warnStacked();
        return done();
      }
      const decision = policy.decide(raw);
      const apply = (settled: Decision) => {
        applyAtFlush(reply.raw, policy, settled);
        follow(settled, reply, done);
      };
      if ("then" in decision) decision.then(apply, done);
      else apply(decision);
    });
  });
}

/**
 * Refuses unsafe requests that pages of other origins make browsers send, since CORS lets them be sent. Register it
 * after `cors`.
 *
 * @example
 * app.register(cors(policy)).register(crossOriginProtection(policy));
 *
 * @throws {CrossOriginProtectionError} with everything that is wrong with the options
 */
export function crossOriginProtection(...given: [policy?: ProtectionArgument]): FastifyPlugin {
  const protection = protectionOf(given, "app.register(crossOriginProtection())");
  return createPlugin((instance) => {
    instance.addHook("onRequest", ({ raw, originalUrl }, reply, done) => {
      const goesOn = protect(protection, protectedRequestOf(raw, originalUrl), reply.raw);
      if (goesOn === true) done();
      else if (goesOn !== false) {
        goesOn.then((late) => {
          if (late) done();
        }, done);
      }
    });
  });
}

function follow(decision: Decision, reply: FastifyReply, done: () => void): void {
  if (decision.kind === "pass") done();
  else reply.code(decision.status).send();
}

/**
 * Fastify answers a malformed URL, a parameter that is too long and some more before any hook runs, and hooks registered
 * earlier may answer too. Deciding when the server receives a request, the headers are there in all these answers.
 */
function decideAtOnce({ server }: FastifyInstance, policy: AsyncPolicy): void {
  if (typeof policy.options.origins === "function") return;
  server.prependListener("request", (request, response) => {
    const decision = policy.decide(request);
    if (!("then" in decision)) applyAtFlush(response, policy, decision);
  });
}

/**
 * Hooks of a scope run for its routes only, and a preflight asks for a route that is not there. So each path of the scope
 * gets an OPTIONS route, unless it has one already: as with HEAD, an application declares its own ones first.
 */
function routePreflights(instance: FastifyInstance): void {
  instance.addHook("onRoute", function (route) {
    const answersOptions = [route.method].flat().includes("OPTIONS");
    if (answersOptions || this.hasRoute({ method: "OPTIONS", url: route.url })) return;
    this.route({
      method: "OPTIONS",
      url: route.routePath,
      // For `/` in a scope, Fastify would add the path without the slash too, which asks for itself.
      prefixTrailingSlash: "slash",
      handler: (_, reply) => {
        reply.callNotFound();
      },
    });
  });
}

function createPlugin(install: (instance: FastifyInstance) => void): FastifyPlugin {
  const plugin: FastifyPlugin = (instance, _, done) => {
    install(instance);
    done();
  };
  return Object.assign(plugin, {
    [Symbol.for("skip-override")]: true,
    [Symbol.for("fastify.display-name")]: "@corsac/server",
  });
}
