import { defineConfig } from "vitest/config";

/** Tests see the sources of every package, so that no stale build can be tested. */
const conditions = ["corsac-source"];

function project(name: string, include: string[], testTimeout = 10_000, globalSetup: string[] = []) {
  return { extends: true as const, test: { name, include, testTimeout, globalSetup } };
}

export default defineConfig({
  resolve: { conditions: [...conditions, "module", "node", "development|production"] },
  ssr: { resolve: { conditions: [...conditions, "module", "node", "development|production"] } },
  test: {
    // Each project extends this file: without `extends`, a project loses the source condition without a word.
    projects: [
      project("protocol", ["packages/protocol/{src,test}/**/*.test.ts"]),
      project("browser", ["packages/browser/{src,test}/**/*.test.ts"]),
      project("server", ["packages/server/{src,test}/**/*.test.ts"]),
      project("gateway", ["packages/gateway/{src,test}/**/*.test.ts"]),
      project("corsac", ["packages/corsac/{src,test}/**/*.test.ts"]),
      project("conformance", ["conformance/**/*.test.ts"], 120_000),
      project("examples", ["examples/**/*.test.ts"], 30_000),
      project("lab", ["lab/**/*.test.ts"], 30_000, ["scripts/build-page.mjs"]),
      project("workspace", ["scripts/**/*.test.ts"], 60_000),
    ],
  },
});
