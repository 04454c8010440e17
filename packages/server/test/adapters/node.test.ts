import { nodeHarness } from "../node-harness.ts";
import { testAdapter } from "../test-adapter.ts";

testAdapter(nodeHarness);
