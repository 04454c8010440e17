import { koa2Harness } from "../koa-harness.ts";
import { testAdapter } from "../test-adapter.ts";

testAdapter(koa2Harness);
