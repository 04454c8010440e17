import { cors, crossOriginProtection } from "../src/adapters/web.ts";
import type { Behaviour, Mount } from "./application.ts";
import { fetchApplication } from "./fetch-application.ts";

/** Makes a fetch handler of policies and the application. */
export function createFetch(mounts: readonly Mount[]): (request: Request) => Response | Promise<Response> {
  const wrapped = mounts.map(({ path, policies, protection }) => {
    const handler = (request: Request) =>
      fetchApplication(new URL(request.url).pathname.slice(path.length + 1) as Behaviour, request);
    const protectedHandler = protection === undefined ? handler : crossOriginProtection(protection)(handler);
    return { path, handler: policies.toReversed().reduce((inner, policy) => cors(policy)(inner), protectedHandler) };
  });
  return (request) => {
    const mount = wrapped.find(({ path }) => new URL(request.url).pathname.startsWith(`${path}/`));
    return mount?.handler(request) ?? new Response(null, { status: 404 });
  };
}
