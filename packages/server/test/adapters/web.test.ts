import { testAdapter } from "../test-adapter.ts";
import { webHarness } from "../web-harness.ts";

testAdapter(webHarness);
