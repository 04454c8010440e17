import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { RunningServer } from "./application.ts";
import { listen } from "./listen.ts";

/** Serves a handler by the `Request` and `Response` of the runtime itself, and gives it nothing else. */
export function serveFetch(handler: (request: Request) => Response | Promise<Response>): Promise<RunningServer> {
  return listen(createServer(getRequestListener((request) => handler(request), { overrideGlobalObjects: false })));
}
