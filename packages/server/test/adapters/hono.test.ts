import { honoHarness } from "../hono-harness.ts";
import { testAdapter } from "../test-adapter.ts";

testAdapter(honoHarness);
