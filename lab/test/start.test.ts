import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { check } from "corsac";
import { expect, test } from "vitest";
import { runLab } from "../origins/main.ts";
import { LabRunningError, startLab } from "../origins/start-lab.ts";

const main = fileURLToPath(new URL("../origins/main.ts", import.meta.url));

/** `npm start` without what it installs and builds. */
function start(args: readonly string[]) {
  const program = `const { runLab } = await import(${JSON.stringify(main)});
    const status = await runLab(process.argv.slice(1), Date.now());
    if (status !== null) process.exitCode = status;`;
  const options = ["--conditions=corsac-source", "--import", "tsx", "--input-type=module", "--eval", program, "--"];
  const child = spawn(process.execPath, [...options, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit");
  let output = "";
  const said = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (output.includes("Ctrl-C")) resolve();
      });
    }
  });
  return { child, ended, said, output: () => output };
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = await occupy(0);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function occupy(port: number): Promise<Server> {
  const server = createServer((_, response) => response.end("something else"));
  await once(server.listen(port, "127.0.0.1"), "listening");
  return server;
}

test("of two starts at once one becomes the lab, the other says where it is; Ctrl-C ends it", async () => {
  const port = await freePort();
  const labs = [start(["--port", `${port}`]), start(["--port", `${port}`])];
  await Promise.all(labs.map(({ said }) => said));
  const [running, late] = labs[0]!.output().includes("is already running") ? labs.reverse() : labs;
  expect(running!.output()).toContain(`The lab is at http://localhost:${port} (ready after`);
  expect(late!.output()).toContain(`The lab is already running at http://localhost:${port}.`);
  expect(await late!.ended).toEqual([0, null]);
  const api = /http:\/\/localhost:\d+(?= +the books API)/.exec(running!.output())?.[0] ?? "";
  // What the README says to try.
  const report = await check({ url: `${api}/books`, origin: "http://localhost:5173" });
  expect([report.verdict, report.findings[0]?.code]).toEqual(["blocked", "allow-origin-missing"]);
  running!.child.kill("SIGINT");
  expect(await running!.ended).toEqual([0, null]);
});

test("takes other ports where something else has those it wants", async () => {
  const other = await occupy(0);
  const { port } = other.address() as AddressInfo;
  const lab = await startLab({ port, freePorts: true });
  expect(new URL(lab.origins.lab).port).not.toBe(`${port}`);
  await expect(startLab({ port: Number(new URL(lab.origins.lab).port), freePorts: true })).rejects.toThrow(
    LabRunningError,
  );
  await lab.close();
  other.close();
});

test("speaks HTTPS when it is told to, apart from the weather abroad", async () => {
  const lab = await startLab({ port: 0, freePorts: true, https: true });
  const schemes = Object.entries(lab.origins).map(([name, origin]) => [name, new URL(origin).protocol]);
  expect(schemes.filter(([, scheme]) => scheme !== "https:")).toEqual([["weather", "http:"]]);
  await lab.close();
});

test.each([
  ["--port", "x"],
  ["--port", "70000"],
  ["--ports", "1"],
])("%s %s is a wrong use", async (...args) => {
  expect(await runLab(args, Date.now())).toBe(2);
});
