import { describe } from "vitest";
import { startChromium } from "../../../conformance/live/chromium.ts";
import { startFirefox } from "../../../conformance/live/firefox.ts";
import { testLab } from "./test-lab.ts";

// Beside each other, and each in order.
describe.concurrent("one browser", () => {
  testLab("chromium", () => startChromium());
});
describe.concurrent("another browser", () => {
  testLab("firefox", () => startFirefox(), { looksOnce: true });
});
