import { defineConfig, type TestProjectConfiguration } from "vitest/config";

/** Tests see the sources of every package, so that no stale build can be tested. */
const conditions = ["corsac-source"];

type ProjectOptions = Exclude<Extract<TestProjectConfiguration, { extends?: unknown }>["test"], undefined>;

function project(name: string, include: string[], options: ProjectOptions = {}): TestProjectConfiguration {
  return { extends: true, test: { name, include, ...options } };
}

export default defineConfig({
  resolve: { conditions: [...conditions, "module", "node", "development|production"] },
  ssr: { resolve: { conditions: [...conditions, "module", "node", "development|production"] } },
  test: {
    // For busy machines: on a quiet one, hardly a test takes a second.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Many files wait for processes that they start: one core less, as Vitest likes it, would stand idle then.
    maxWorkers: "100%",
    // The files of a project share a process and what it has loaded: apart, most of their time would be spent on loading
    // the same modules again. What a file changes for the whole process, it has to put back.
    isolate: false,
    // Each project extends this file: without `extends`, a project loses the source condition without a word.
    projects: [
      project("protocol", ["packages/protocol/{src,test}/**/*.test.ts"]),
      project("browser", ["packages/browser/{src,test}/**/*.test.ts"]),
      // Apart from the frameworks: @hono/node-server puts a Response of its own in the place of Node's.
      project("server", ["packages/server/src/**/*.test.ts"]),
      project("frameworks", ["packages/server/test/*.test.ts"]),
      // Each expects a warning that a process gives once.
      project("adapters", ["packages/server/test/adapters/*.test.ts"], { isolate: true }),
      project("gateway", ["packages/gateway/{src,test}/**/*.test.ts"]),
      project("corsac", ["packages/corsac/{src,test}/**/*.test.ts"]),
      project("conformance", ["conformance/**/*.test.ts"], { testTimeout: 120_000 }),
      project("examples", ["examples/**/*.test.ts"]),
      project("lab", ["lab/**/*.test.ts"], { globalSetup: ["scripts/build-page.mjs"] }),
      project("workspace", ["scripts/**/*.test.ts"], { testTimeout: 60_000 }),
    ],
  },
});
