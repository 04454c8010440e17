import { koa3Harness } from "../koa-harness.ts";
import { testAdapter } from "../test-adapter.ts";

testAdapter(koa3Harness);
