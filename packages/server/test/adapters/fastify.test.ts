import { fastifyHarness } from "../fastify-harness.ts";
import { testAdapter } from "../test-adapter.ts";

testAdapter(fastifyHarness);
