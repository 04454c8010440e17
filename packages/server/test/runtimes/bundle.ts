import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const common: BuildOptions = { bundle: true, format: "esm", conditions: ["corsac-source"], logLevel: "warning" };
const entryPoint = (name: string) => fileURLToPath(new URL(`${name}.ts`, import.meta.url));

/**
 * Writes the script that serves a harness, for runtimes which do not take TypeScript. The frameworks stay outside, since
 * each runtime has to load them as they come.
 *
 * @returns its path
 */
export async function bundleScript(folder: string): Promise<string> {
  const outfile = join(folder, "serve.mjs");
  const frameworks = ["@hono/node-server", "express", "express4", "fastify", "hono", "koa", "koa2"];
  const external = frameworks.flatMap((name) => [name, `${name}/*`]);
  await build({ ...common, entryPoints: [entryPoint("serve")], outfile, external, platform: "node" });
  return outfile;
}

/**
 * Writes a worker, and a configuration for workerd that has it listen once for each of its entry points.
 *
 * @returns the path of the configuration
 */
export async function bundleWorker(folder: string, entryPoints: readonly string[]): Promise<string> {
  await build({ ...common, entryPoints: [entryPoint("worker")], outfile: join(folder, "worker.mjs") });
  const sockets = entryPoints.map(
    (name) =>
      `(name = "${name}", address = "127.0.0.1:0", http = (), service = (name = "main", entrypoint = "${name}"))`,
  );
  const config = join(folder, "workerd.capnp");
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .worker)], sockets = [${sockets.join(", ")}]);
const worker :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
);
`,
  );
  return config;
}
