import { subscribe } from "node:diagnostics_channel";
import { appliedPolicyOf } from "./node-response/edit-at-flush.ts";
import type { NodeRequest } from "./node-response/node-request.ts";
import type { NodeResponse } from "./node-response/node-response.ts";

let isWatching = false;
let hasWarned = false;

/**
 * Warns, once in a process, of a preflight that was answered although no policy saw it: something before `cors()`
 * answered, such as authentication, or `cors()` stands at a route that other methods than OPTIONS reach. Browsers would
 * blame CORS and not tell more.
 *
 * It looks at the responses of all servers of the process, and so it only runs in development.
 */
export function watchUnseenPreflights(): void {
  if (isWatching || (process.env.NODE_ENV ?? "development") !== "development") return;
  isWatching = true;
  subscribe("http.server.response.finish", (message) => {
    const { request, response } = message as { readonly request: NodeRequest; readonly response: NodeResponse };
    if (hasWarned || !isUnseenPreflight(request, response)) return;
    hasWarned = true;
    process.emitWarning(
      `A CORS-preflight request for ${request.headers["access-control-request-method"]} ${request.url} was answered ` +
        `with ${response.statusCode} before cors() saw it. Use cors() before whatever answered, and for the whole path ` +
        "instead of one method; in a scope of Fastify, await its registration.",
      { type: "CorsacWarning", code: "CORSAC_UNSEEN_PREFLIGHT" },
    );
  });
}

function isUnseenPreflight({ method, headers }: NodeRequest, response: NodeResponse): boolean {
  if (method !== "OPTIONS" || headers["access-control-request-method"] === undefined) return false;
  if (headers.origin === undefined || isGranted(response)) return false;
  const decision = appliedPolicyOf(response)?.decision;
  // The Fastify adapter decides early, and its answer may still come too late.
  return decision === undefined || (decision.kind !== "pass" && decision.status !== response.statusCode);
}

/**
 * Whether the answer allows an origin: another server of the process, such as a gateway, has its own say. Headers that
 * are given with the status are nowhere but in the head that Node wrote.
 */
function isGranted(response: NodeResponse): boolean {
  return /^access-control-allow-origin:/im.test(String((response as { readonly _header?: unknown })._header));
}
