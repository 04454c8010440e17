import { beforeAll, expect, test, vi } from "vitest";
import { express5Harness } from "../../packages/server/test/express-harness.ts";
import { honoHarness } from "../../packages/server/test/hono-harness.ts";
import { findChromium, startChromium } from "../live/chromium.ts";
import { MissingProgramError } from "../live/live-browser.ts";
import { playSituations } from "./play-situations.ts";
import { disagreements } from "./report.ts";

/** Says why there is no Chromium, or nothing when there is one. */
function missingChromium(): string {
  try {
    findChromium();
    return "";
  } catch (error) {
    if (error instanceof MissingProgramError) return error.message;
    throw error;
  }
}

const missing = missingChromium();

// Frameworks print what handlers throw.
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});

test.skipIf(missing !== "")(
  `Chromium before two of the adapters: policy, browser and prediction agree ${missing}`,
  async () => {
    const { played } = await playSituations(() => startChromium(), "chromium", [express5Harness, honoHarness]);
    expect(played.length).toBeGreaterThan(150);
    expect(disagreements(played)).toEqual([]);
  },
);
