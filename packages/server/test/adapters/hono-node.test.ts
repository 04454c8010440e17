import { honoNodeHarness } from "../hono-harness.ts";
import { testAdapter } from "../test-adapter.ts";

testAdapter(honoNodeHarness);
