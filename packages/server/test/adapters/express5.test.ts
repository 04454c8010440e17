import { express5Harness } from "../express-harness.ts";
import { testAdapter } from "../test-adapter.ts";

testAdapter(express5Harness);
