import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../..", import.meta.url));
/** Below node_modules, so that what is not bundled is found from there. */
const cache = join(root, "node_modules/.cache/corsac");

/** Programs of this workspace, ready to run in processes of their own. */
export interface BundledPrograms {
  /** What to run in the place of a source file. */
  fileOf(source: string): string;
  remove(): void;
}

/**
 * Puts programs and all of ours that they import into a few files, made of the sources. To start one takes a fourth of
 * what it takes to load, one by one, the modules that it is made of.
 *
 * @param sources absolute paths
 */
export async function bundlePrograms(sources: readonly string[]): Promise<BundledPrograms> {
  mkdirSync(cache, { recursive: true });
  const outdir = mkdtempSync(join(cache, "programs-"));
  await build({
    entryPoints: [...sources],
    outbase: root,
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    keepNames: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["corsac-source"],
    plugins: [
      {
        name: "packages-of-others",
        setup({ onResolve }) {
          onResolve({ filter: /^[^./#]/ }, ({ path, kind }) =>
            kind === "entry-point" || /^(?:@corsac\/|corsac$)/.test(path) ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
  return {
    fileOf: (source) => join(outdir, relative(root, source).replace(/\.ts$/, ".mjs")),
    remove: () => rmSync(outdir, { recursive: true, force: true }),
  };
}
