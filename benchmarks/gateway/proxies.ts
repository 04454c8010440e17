import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { caddyConfiguration, largeBytes, nginxConfiguration, originConfiguration } from "./configurations.ts";
import { otherCore, proxyCore, startOn } from "./load.ts";

/** A proxy under test, or the API behind it. */
export interface RunningServer {
  readonly child: ChildProcess;
  readonly port: number;
}

/** Starts the API. @param folder for its files; made if absent */
export async function startOrigin(folder: string): Promise<RunningServer> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/large`, Buffer.alloc(largeBytes, "x"));
  return answering(startNginx(otherCore, folder, originConfiguration(folder, port)), port);
}

/** Starts a proxy by its name. @param folder for its files; made if absent */
export async function startProxy(name: string, folder: string, origin: number): Promise<RunningServer> {
  mkdirSync(folder, { recursive: true });
  if (name === "nginx") {
    const port = await freePort();
    return answering(startNginx(proxyCore, folder, nginxConfiguration(folder, port, origin)), port);
  }
  if (name === "caddy") {
    const port = await freePort();
    const file = `${folder}/Caddyfile`;
    writeFileSync(file, caddyConfiguration(port, origin));
    const command = ["caddy", "run", "--config", file, "--adapter", "caddyfile"];
    const environment = { GOMAXPROCS: "1", XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    return answering(startOn(proxyCore, command, environment), port);
  }
  const script = fileURLToPath(new URL("./node-proxy.ts", import.meta.url));
  // Without the condition that asks for sources: corsac comes as it is published.
  const child = startOn(proxyCore, [process.execPath, "--import", "tsx", script, name, `http://127.0.0.1:${origin}`]);
  const [port] = (await Promise.race([once(child, "message"), failed(child)])) as [number];
  return { child, port };
}

function startNginx(core: number, folder: string, configuration: string): ChildProcess {
  const file = `${folder}/nginx.conf`;
  writeFileSync(file, configuration);
  return startOn(core, ["nginx", "-p", folder, "-c", file]);
}

async function answering(child: ChildProcess, port: number): Promise<RunningServer> {
  const failure = failed(child);
  for (;;) {
    const answer = await Promise.race([fetch(`http://127.0.0.1:${port}/book`).catch(() => null), failure]);
    if (answer !== null) return { child, port };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function failed(child: ChildProcess): Promise<never> {
  await once(child, "exit");
  throw new Error(`${child.spawnargs.join(" ")} ended.`);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
