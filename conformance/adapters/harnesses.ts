import type { Harness } from "../../packages/server/test/application.ts";
import { express4Harness, express5Harness } from "../../packages/server/test/express-harness.ts";
import { fastifyHarness } from "../../packages/server/test/fastify-harness.ts";
import { honoHarness, honoNodeHarness } from "../../packages/server/test/hono-harness.ts";
import { koa2Harness, koa3Harness } from "../../packages/server/test/koa-harness.ts";
import { nextHarness } from "../../packages/server/test/next-harness.ts";
import { nodeHarness } from "../../packages/server/test/node-harness.ts";
import { webHarness } from "../../packages/server/test/web-harness.ts";

/** Every adapter over HTTP/1.1; browsers speak HTTP/2 over TLS only, and the harnesses have none. */
export const harnesses: readonly Harness[] = [
  nodeHarness,
  express5Harness,
  express4Harness,
  fastifyHarness,
  koa3Harness,
  koa2Harness,
  honoNodeHarness,
  honoHarness,
  webHarness,
  nextHarness,
];
