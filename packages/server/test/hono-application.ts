import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { cors, crossOriginProtection } from "../src/adapters/hono.ts";
import { foreignHeaders, type Mount, bodyLimit as maxSize, rawBehaviours, tags } from "./application.ts";
import { fetchApplication } from "./fetch-application.ts";
import { rawReply } from "./raw-reply.ts";

type App = Hono<{ Bindings: HttpBindings }>;

/** Makes an application of policies and routes. */
export function createApp(mounts: readonly Mount[]): App {
  const app: App = new Hono();
  for (const { path, policies, protection } of mounts) {
    for (const policy of policies) app.use(`${path}/*`, cors(policy));
    if (protection !== undefined) app.use(`${path}/*`, crossOriginProtection(protection));
    addRoutes(path === "" ? app : app.basePath(path));
  }
  return app;
}

function addRoutes(app: App): void {
  app.use("/early", (context) => Promise.resolve(context.text("who are you?", 401)));
  app.on(["GET", "PUT"], "/text", (context) => context.text("text"));
  app.options("/text", (context) => context.text("text", 200, { allow: "GET, OPTIONS" }));
  app.on(["GET", "POST"], "/tagged", (context) => context.text("tagged", 200, tags));
  app.get("/vary", (context) => {
    context.header("Vary", "Accept-Language");
    return context.text("vary");
  });
  app.get("/vary-all", (context) => context.text("vary", 200, { Vary: "*" }));
  app.get("/foreign", (context) => context.text("foreign", 200, foreignHeaders));
  app.get("/empty", (context) => context.body(null, 204));
  app.get("/redirect", (context) => context.redirect("text"));
  app.get("/throw-error", () => {
    throw new HTTPException(500, { message: "thrown" });
  });
  app.post("/json", bodyLimit({ maxSize }), async (context) => context.json(await context.req.json()));
  app.get("/param/:value", (context) => context.text(context.req.param("value")));
  for (const name of [
    "not-modified",
    "stream",
    "throw-string",
    "throw-null",
    "reject",
    "immutable",
    "shared",
  ] as const) {
    app.get(`/${name}`, (context) => fetchApplication(name, context.req.raw));
  }
  for (const name of rawBehaviours) {
    app.get(`/${name}`, (context) => {
      rawReply(name, context.env.outgoing);
      return RESPONSE_ALREADY_SENT;
    });
  }
}
