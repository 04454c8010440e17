import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const manifest = new URL("runtimes.json", import.meta.url);

/** The folder that the runtimes are installed into. */
const folder = fileURLToPath(new URL("../../../../node_modules/.cache/corsac/runtimes", import.meta.url));

/** Installs the runtimes, unless the same ones are there, and returns the folder of their packages. */
export function installRuntimes(): string {
  const wanted = readFileSync(manifest, "utf8");
  const copy = join(folder, "package.json");
  const packages = join(folder, "node_modules");
  if (existsSync(join(packages, ".package-lock.json")) && readFileSync(copy, "utf8") === wanted) return packages;
  mkdirSync(folder, { recursive: true });
  writeFileSync(copy, wanted);
  const npm = process.env.npm_execpath;
  const [program = "npm", ...args] = npm === undefined ? ["npm"] : [process.execPath, npm];
  const { status } = spawnSync(program, [...args, "install", "--no-audit", "--no-fund", "--no-package-lock"], {
    cwd: folder,
    stdio: "inherit",
    shell: npm === undefined,
  });
  if (status !== 0) throw new Error("npm could not install the runtimes.");
  return packages;
}
