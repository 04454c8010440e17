import { express4Harness } from "../express-harness.ts";
import { testAdapter } from "../test-adapter.ts";

testAdapter(express4Harness);
