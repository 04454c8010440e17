import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Rollup } from "vite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

let output: readonly (Rollup.OutputAsset | Rollup.OutputChunk)[];
beforeAll(async () => {
  // As npm start builds it: React has another self for tests.
  vi.stubEnv("NODE_ENV", "production");
  const configFile = fileURLToPath(new URL("../vite.config.ts", import.meta.url));
  const built = await build({ configFile, logLevel: "error", build: { write: false } });
  output = (built as Rollup.RollupOutput).output;
}, 60_000);
afterAll(() => {
  vi.unstubAllEnvs();
});

test("the page loads no more than 150 KB of script, gzipped", () => {
  const scripts = output.filter((file) => file.type === "chunk");
  const bytes = scripts.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(150_000);
});

test("the page names no other host to load from, and has no script of its own inline", () => {
  const html = output.find(({ fileName }) => fileName === "index.html");
  const source = html?.type === "asset" ? String(html.source) : "";
  expect(source).toContain("<!-- lab-info -->");
  expect(source).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  expect(source).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
  const styles = output.filter(({ fileName }) => fileName.endsWith(".css"));
  for (const style of styles) expect(style.type === "asset" && String(style.source)).not.toMatch(/url\(|@import/);
});
