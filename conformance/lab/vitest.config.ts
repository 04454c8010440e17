import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Sources instead of builds, as in the tests of the workspace. */
const conditions = ["corsac-source", "module", "node", "development|production"];

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["conformance/lab/*.browser.ts"],
    globalSetup: ["scripts/build-page.mjs"],
    reporters: ["verbose"],
    testTimeout: 60_000,
  },
});
