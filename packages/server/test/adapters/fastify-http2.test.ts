import { fastifyHttp2Harness } from "../fastify-harness.ts";
import { testAdapter } from "../test-adapter.ts";

testAdapter(fastifyHttp2Harness);
