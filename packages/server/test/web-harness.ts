import { cors, crossOriginProtection } from "../src/adapters/web.ts";
import { type Behaviour, type Harness, type Mount, rawBehaviours } from "./application.ts";
import { fetchApplication } from "./fetch-application.ts";
import { serveFetch } from "./serve-fetch.ts";

export const webHarness: Harness = {
  name: "web",
  lacks: rawBehaviours,
  statuses: { missing: 404, malformed: 404 },
  start: (mounts) => serveFetch(createFetch(mounts)),
};

function createFetch(mounts: readonly Mount[]): (request: Request) => Response | Promise<Response> {
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
