import { serveMethod } from "../../unsafe-method/method-context.ts";
import { pathOf, type SafeMethodsOptions } from "../../unsafe-method/safe-methods-options.ts";
import type { NodeRequest } from "../node-response/node-request.ts";
import { refuseUncalled } from "../refuse-uncalled.ts";

/** What the adapter uses of Fastify's request. */
export interface SafeFastifyRequest {
  readonly raw: NodeRequest;
  readonly originalUrl: string;
  readonly routeOptions: { readonly url?: string | undefined };
}

/** What the adapter uses of Fastify. */
export interface SafeFastifyInstance {
  addHook(
    name: "onRequest" | "preValidation",
    hook: (request: SafeFastifyRequest, reply: unknown, done: () => void) => void,
  ): unknown;
}

/**
 * Tells data layers which request they work for, in Fastify 5 or a scope of it, so that `assertUnsafeMethod` keeps safe
 * ones from writing. Handlers of `resource()` do not need it.
 *
 * @example
 * app.register(safeMethods());
 */
export function safeMethods(
  ...given: [options?: SafeMethodsOptions]
): (instance: SafeFastifyInstance, options: unknown, done: () => void) => void {
  refuseUncalled("safeMethods", given, "app.register(safeMethods())");
  const { reportOnly } = given[0] ?? {};
  const plugin = (instance: SafeFastifyInstance, _: unknown, registered: () => void) => {
    // Reading a body loses what came before.
    for (const name of ["onRequest", "preValidation"] as const) {
      instance.addHook(name, ({ raw, originalUrl, routeOptions }, _reply, done) =>
        serveMethod(raw.method ?? "GET", routeOptions.url ?? pathOf(originalUrl), reportOnly, done),
      );
    }
    registered();
  };
  return Object.assign(plugin, {
    [Symbol.for("skip-override")]: true,
    [Symbol.for("fastify.display-name")]: "@corsac/server",
  });
}
