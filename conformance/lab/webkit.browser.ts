import { testLab } from "../../lab/test/end-to-end/test-lab.ts";
import { startWebKitDriver } from "../live/webkit-driver.ts";

testLab("webkit", startWebKitDriver, {
  // Under its WebDriver it keeps no answers: the second one is a new one, with its Content-Length.
  differing: ["safe-read"],
});
