import { cors, crossOriginProtection } from "../src/adapters/next.ts";
import { type Behaviour, type Harness, type Mount, rawBehaviours } from "./application.ts";
import { fetchApplication } from "./fetch-application.ts";
import { serveFetch } from "./serve-fetch.ts";

/** Route handlers as Next.js calls them: by method, `HEAD` from `GET`, and none for a path that is not there. */
export const nextHarness: Harness = {
  name: "next",
  lacks: rawBehaviours,
  statuses: { missing: 404, malformed: 404 },
  start: (mounts) => serveFetch(createFetch(mounts)),
};

type Route = Readonly<Record<string, (request: Request) => Promise<Response>>>;

function createFetch(mounts: readonly Mount[]): (request: Request) => Response | Promise<Response> {
  const routes = mounts.map(({ path, policies, protection }) => {
    const handler = (request: Request) =>
      fetchApplication(new URL(request.url).pathname.slice(path.length + 1) as Behaviour, request);
    const protectedHandler = protection === undefined ? handler : crossOriginProtection(protection)(handler);
    const methods: Route = {
      GET: protectedHandler,
      OPTIONS: protectedHandler,
      POST: protectedHandler,
      PUT: protectedHandler,
    };
    return { path, route: policies.toReversed().reduce<Route>((inner, policy) => cors(policy).routes(inner), methods) };
  });
  return (request) => {
    const found = routes.find(({ path }) => new URL(request.url).pathname.startsWith(`${path}/`));
    const method = request.method === "HEAD" ? "GET" : request.method;
    return found?.route[method]?.(request) ?? new Response(null, { status: 405 });
  };
}
