import { createServer } from "node:http";
import express from "express";
import express4 from "express4";
import { cors, crossOriginProtection } from "../src/adapters/express.ts";
import {
  type Behaviour,
  bodyLimit,
  fetchBehaviours,
  foreignHeaders,
  type Harness,
  pieces,
  rawBehaviours,
  tags,
} from "./application.ts";
import { listen } from "./listen.ts";
import { rawReply } from "./raw-reply.ts";

export const express5Harness: Harness = createHarness("express 5", express);
// The types of both versions take the middleware; the calls below are the same in both.
export const express4Harness: Harness = createHarness("express 4", express4 as unknown as typeof express);
express4().use(cors({ origins: "*" }));

function createHarness(name: string, framework: typeof express): Harness {
  return {
    name,
    lacks: [...fetchBehaviours, "raw-respond"],
    statuses: { missing: 404, malformed: 400 },
    start(mounts) {
      const app = framework();
      for (const { path, policies, protection } of mounts) {
        const router = framework.Router();
        for (const policy of policies) router.use(cors(policy));
        if (protection !== undefined) router.use(crossOriginProtection(protection));
        addRoutes(router, framework);
        app.use(path === "" ? "/" : path, router);
      }
      return listen(createServer(app));
    },
  };
}

function addRoutes(router: express.Router, framework: typeof express): void {
  router.use("/early", (_, response) => {
    response.status(401).set("WWW-Authenticate", "Basic").send("who are you?");
  });
  router.get("/text", (_, response) => response.send("text"));
  router.put("/text", (_, response) => response.send("text"));
  router.options("/text", (_, response) => {
    response.set("Allow", "GET, OPTIONS").send("text");
  });
  router.get("/tagged", (_, response) => response.set(tags).send("tagged"));
  router.post("/tagged", (_, response) => response.set(tags).send("tagged"));
  router.get("/vary", (_, response) => response.set("Vary", "Accept-Language").send("vary"));
  router.get("/vary-all", (_, response) => response.set("Vary", "*").send("vary"));
  router.get("/foreign", (_, response) => response.set(foreignHeaders).send("foreign"));
  router.get("/empty", (_, response) => response.sendStatus(204));
  router.get("/not-modified", (_, response) => response.sendStatus(304));
  router.get("/redirect", (_, response) => response.status(302).location("text").end());
  router.get("/stream", (_, response) => {
    for (const piece of pieces) response.write(piece);
    response.end();
  });
  router.get("/throw-error", () => {
    throw new Error("thrown");
  });
  router.get("/throw-string", () => {
    // biome-ignore lint/style/useThrowOnlyError: what applications do.
    throw "thrown";
  });
  router.get("/throw-null", () => {
    // biome-ignore lint/style/useThrowOnlyError: what applications do.
    throw null;
  });
  router.get("/reject", (_request, _response, next) => Promise.reject(new Error("rejected")).catch(next));
  router.post("/json", framework.json({ limit: bodyLimit }), (_, response) => response.sendStatus(204));
  router.get("/param/:value", (_, response) => response.send("text"));
  for (const name of rawBehaviours) router.get(`/${name}`, (_, response) => rawReply(name as Behaviour, response));
}
