import { nodeHttp2Harness } from "../node-harness.ts";
import { testAdapter } from "../test-adapter.ts";

testAdapter(nodeHttp2Harness);
