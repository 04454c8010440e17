import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

const application = `
  import { cors } from "@corsac/server/web";
  const answer = cors({ origins: ["https://app.example"], credentials: true })(() => new Response("Hello"));
  export default { fetch: answer };
  export const wildcards = () => cors({ origins: ["https://*.app.example"], credentials: true });
`;

/** Bundles an application as for a worker. */
async function bundle(...conditions: string[]): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: application, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    conditions: ["corsac-source", ...conditions],
  });
  return outputFiles.map(({ text }) => text).join("");
}

const kibibytes = (text: string) => gzipSync(text, { level: 9 }).length / 1024;

test("the public suffix list can be left out of a bundle, which refuses then what it cannot check", async () => {
  const whole = await bundle();
  const small = await bundle("corsac-no-suffix-list");
  expect(kibibytes(whole) - kibibytes(small)).toBeGreaterThan(30);
  expect(kibibytes(small)).toBeLessThan(12);

  const module = await import(`data:text/javascript,${encodeURIComponent(small)}`);
  const request = new Request("https://api.example/", { headers: { origin: "https://app.example" } });
  const response: Response = await module.default.fetch(request);
  expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example");
  expect(module.wildcards).toThrow("origin-public-suffix-with-credentials");
});
