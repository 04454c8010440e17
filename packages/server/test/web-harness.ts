import { type Harness, rawBehaviours } from "./application.ts";
import { serveFetch } from "./serve-fetch.ts";
import { createFetch } from "./web-application.ts";

export const webHarness: Harness = {
  name: "web",
  lacks: rawBehaviours,
  statuses: { missing: 404, malformed: 404 },
  start: (mounts) => serveFetch(createFetch(mounts)),
};
