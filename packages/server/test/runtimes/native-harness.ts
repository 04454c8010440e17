import { type Harness, type Mount, rawBehaviours } from "../application.ts";
import { createApp } from "../hono-application.ts";
import { createFetch } from "../web-application.ts";

type Fetch = (request: Request) => Response | Promise<Response>;

/** What Bun and Deno serve with. */
interface Runtime {
  readonly Bun?: {
    serve(options: { readonly hostname: string; readonly port: number; readonly fetch: Fetch }): {
      readonly port: number;
    };
  };
  readonly Deno?: {
    serve(
      options: { readonly hostname: string; readonly port: number; readonly onListen: () => void },
      handler: Fetch,
    ): { readonly addr: { readonly port: number } };
  };
}

const { Bun, Deno } = globalThis as Runtime;
const hostname = "127.0.0.1";

function serve(handler: Fetch): number {
  if (Bun !== undefined) return Bun.serve({ hostname, port: 0, fetch: handler }).port;
  if (Deno !== undefined) return Deno.serve({ hostname, port: 0, onListen: () => {} }, handler).addr.port;
  throw new Error("This runtime has no server of its own.");
}

function createHarness(name: string, create: (mounts: readonly Mount[]) => Fetch): Harness {
  return {
    name,
    lacks: rawBehaviours,
    statuses: { missing: 404, malformed: name.startsWith("hono") ? 200 : 404 },
    start: (mounts) =>
      Promise.resolve({ url: `http://${hostname}:${serve(create(mounts))}`, close: () => Promise.resolve() }),
  };
}

/** By the runtime's own server, not by what it has of Node's. */
export const nativeWebHarness: Harness = createHarness("web, natively", createFetch);
export const nativeHonoHarness: Harness = createHarness("hono 4, natively", (mounts) => {
  const app = createApp(mounts);
  return (request) => app.fetch(request);
});
