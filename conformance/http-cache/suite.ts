import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What a test is for: a rule, a service to performance, or a question. */
export type TestKind = "required" | "optimal" | "check";

/** How a test ended, as the suite counts: one whose dependency failed says nothing. */
export type Outcome = "pass" | "fail" | "dependency" | "untested" | "trouble";

/** A test of the suite with what came of it. */
export interface SuiteResult {
  readonly id: string;
  readonly group: string;
  readonly kind: TestKind;
  readonly outcome: Outcome;
  /** Whether it passed, whatever it depends on. */
  readonly passed: boolean;
  readonly message: string;
}

interface SuiteTest {
  readonly id: string;
  readonly kind?: TestKind;
}

type RawResults = Readonly<Record<string, true | readonly [name: string, message: string]>>;

const preload = new URL("preload.mjs", import.meta.url).href;
const outcomes: Readonly<Record<string, Outcome>> = {
  pass: "pass",
  yes: "pass",
  fail: "fail",
  optional_fail: "fail",
  no: "fail",
  dependency_fail: "dependency",
  untested: "untested",
};

/** A checkout of the public HTTP cache test suite, of which nothing is part of this repository. */
export class Suite {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Starts the origin server of the suite, and resolves when it listens. */
  async startOrigin(port: number): Promise<ChildProcess> {
    await access(join(this.#directory, "test-engine"));
    const pidfile = join(tmpdir(), `http-cache-tests-${port}.pid`);
    const child = this.#run("test-engine/server/server.mjs", {
      npm_config_protocol: "http",
      npm_config_port: String(port),
      npm_config_pidfile: pidfile,
    });
    await new Promise<void>((resolve, reject) => {
      // It writes to the end, of each request that it did not expect.
      child.stdout?.on("data", (chunk: Buffer) => {
        if (chunk.includes("Listening")) resolve();
      });
      child.once("exit", () => reject(new Error("The origin server of the suite ended.")));
    });
    return child;
  }

  /** Runs the suite, or one of its tests with all that it sends, against a gateway in front of its origin. */
  async run(base: string, id = ""): Promise<string> {
    const child = this.#run("test-engine/cli.mjs", {
      npm_config_base: base,
      npm_config_id: id,
      npm_package_config_id: id,
    });
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`The suite ended with ${String(code)}.`);
    return output;
  }

  /** Judges the output of a whole run as the suite itself does. */
  async judge(output: string): Promise<readonly SuiteResult[]> {
    const raw = JSON.parse(output.slice(output.indexOf("{"))) as RawResults;
    const groups = (await this.#load("tests/index.mjs")).default as { id: string; tests: SuiteTest[] }[];
    const { determineTestResult, resultTypes } = await this.#load("test-engine/lib/results.mjs");
    const names = new Map(Object.entries(resultTypes as Record<string, unknown>).map(([name, type]) => [type, name]));
    return groups.flatMap((group) =>
      group.tests.map(({ id, kind = "required" }) => {
        const type = (determineTestResult as (...parameters: unknown[]) => unknown)(groups, id, raw);
        const result = raw[id];
        return {
          id,
          group: group.id,
          kind,
          outcome: outcomes[names.get(type) ?? ""] ?? "trouble",
          passed: result === true,
          message: Array.isArray(result) ? result.join(": ") : "",
        };
      }),
    );
  }

  #load(path: string): Promise<Record<string, unknown>> {
    return import(pathToFileURL(join(this.#directory, path)).href) as Promise<Record<string, unknown>>;
  }

  #run(script: string, environment: Readonly<Record<string, string>>): ChildProcess {
    return spawn(process.execPath, ["--no-warnings", "--import", preload, join(this.#directory, script)], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
  }
}
