// @ts-check
// Puts the `corsac` command and everything that it runs on into a few files: loading some 250 modules one by one takes
// longer than a check. Only the command is bundled; what programs import is not. See docs/decisions/0001-bundled-command.md.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const corsac = fileURLToPath(new URL("../packages/corsac", import.meta.url));
const outdir = join(corsac, "bundle/command");

/** Packages that the sources load when they are first needed; a bundler does not see through `createRequire`. */
const lazyRequire = /createRequire\(import\.meta\.url\)\(("[\w@/-]+")\)/g;

/** Bundles what `tsc -b` wrote. */
async function bundleCommand() {
  rmSync(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: [join(corsac, "dist/cli/run.js")],
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // A server starts seldom, its stores need optional packages, and a program may embed the very same one.
    external: ["@corsac/gateway"],
    metafile: true,
    legalComments: "none",
    logLevel: "error",
    // CommonJS packages ask for Node's own modules this way.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
    plugins: [
      {
        name: "lazy-require",
        setup({ onLoad }) {
          onLoad({ filter: /packages[\\/]browser[\\/]dist[\\/].*\.js$/ }, ({ path }) => ({
            contents: readFileSync(path, "utf8").replace(lazyRequire, "require($1)"),
            loader: "js",
          }));
        },
      },
    ],
  });
  writeFileSync(join(outdir, "THIRD-PARTY-LICENSES.txt"), licences(Object.keys(metafile.inputs)));
}

/**
 * The licences of the packages that the bundle contains, which ask to be kept with it.
 *
 * @param {readonly string[]} inputs files, relative to the working directory
 */
function licences(inputs) {
  const folders = new Set(inputs.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]));
  folders.delete(undefined);
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(String(folder), "package.json"), "utf8"));
      const file = readdirSync(String(folder)).find((entry) => /^licen[cs]e/i.test(entry));
      if (file === undefined || !existsSync(join(String(folder), file))) throw new Error(`${name} has no licence file`);
      return `${name} ${version} (${license})\n\n${readFileSync(join(String(folder), file), "utf8").trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

await bundleCommand();
