import type { Harness } from "../application.ts";
import { express4Harness, express5Harness } from "../express-harness.ts";
import { fastifyHarness, fastifyHttp2Harness } from "../fastify-harness.ts";
import { honoHarness, honoNodeHarness } from "../hono-harness.ts";
import { koa2Harness, koa3Harness } from "../koa-harness.ts";
import { nextHarness } from "../next-harness.ts";
import { nodeHarness, nodeHttp2Harness } from "../node-harness.ts";
import { webHarness } from "../web-harness.ts";
import { nativeHonoHarness, nativeWebHarness } from "./native-harness.ts";

/** What runs by `node:http` and `node:http2`. */
export const nodeHarnesses: readonly Harness[] = [
  nodeHarness,
  nodeHttp2Harness,
  express4Harness,
  express5Harness,
  fastifyHarness,
  fastifyHttp2Harness,
  koa2Harness,
  koa3Harness,
  honoNodeHarness,
  honoHarness,
  webHarness,
  nextHarness,
];

/** What runs by the server of Bun and of Deno. */
export const nativeHarnesses: readonly Harness[] = [nativeWebHarness, nativeHonoHarness];
