import { nextHarness } from "../next-harness.ts";
import { testAdapter } from "../test-adapter.ts";

testAdapter(nextHarness);
