import { createAdaptorServer } from "@hono/node-server";
import { type Harness, rawBehaviours } from "./application.ts";
import { createApp } from "./hono-application.ts";
import { listen } from "./listen.ts";
import { serveFetch } from "./serve-fetch.ts";

/** With Node's response within reach. */
export const honoNodeHarness: Harness = {
  name: "hono 4 on Node",
  lacks: ["raw-respond"],
  statuses: { missing: 404, malformed: 200 },
  start: (mounts) => listen(createAdaptorServer(createApp(mounts)) as Parameters<typeof listen>[0]),
};

/** With nothing but `fetch`, as in Bun, Deno and workers. */
export const honoHarness: Harness = {
  name: "hono 4",
  lacks: rawBehaviours,
  statuses: { missing: 404, malformed: 200 },
  start: (mounts) => serveFetch(createApp(mounts).fetch),
};
