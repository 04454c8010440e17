import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { formatIssue } from "../src/configuration/configuration-issue.ts";
import { loadConfiguration } from "../src/configuration/load-configuration.ts";
import { type ConfigurationWatch, watchConfiguration } from "../src/configuration/watch-configuration.ts";

const folder = mkdtempSync(join(tmpdir(), "corsac-gateway-"));
const file = join(folder, "gateway.json");
const policyFile = join(folder, "policy.json");
/** As it is written in JSON. */
const variable = (name: string) => `$${"{"}${name}}`;
const upstream = "https://api.example";
const origins = (name: string) => ({ origins: [`https://${name}.example`] });

afterAll(() => rmSync(folder, { recursive: true }));

function write(value: unknown, path = file): void {
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
}

describe("a configuration file", () => {
  test("names files relative to itself and takes secrets from the environment", () => {
    write(origins("app"), policyFile);
    write({
      upstream,
      policy: "policy.json",
      cache: { store: { sqlite: "cache.db" } },
      requestHeaders: { Authorization: `Bearer ${variable("API_KEY")}` },
      listen: { address: "127.0.0.2", port: 1 },
      observe: { har: "../gateway.har", accessLog: "-" },
    });
    const loaded = loadConfiguration(file, { environment: { API_KEY: "secret" }, listen: { port: 2 } });
    expect(loaded).toMatchObject({
      ok: true,
      files: [file, policyFile],
      configuration: {
        routes: [
          {
            policy: { options: origins("app") },
            cache: { store: { file: join(folder, "cache.db") } },
            requestHeaders: { authorization: "Bearer secret" },
          },
        ],
        listen: { address: "127.0.0.2", port: 2 },
        observe: { har: join(folder, "../gateway.har"), accessLog: "-" },
      },
    });
  });

  test.each([
    [
      "a secret that is not there",
      { upstream, requestHeaders: { "X-Key": variable("NO_KEY") } },
      "requestHeaders.X-Key: needs the environment variable NO_KEY",
    ],
    ["a policy that is not there", { upstream, policy: "nobody.json" }, "policy: names a file that cannot be read"],
    ["no JSON", "{", "configuration: is no JSON"],
    ["a policy with issues", { upstream, policy: "wrong.json" }, "policy.origins: "],
  ])("%s is an issue", (_, content, message) => {
    write({}, join(folder, "wrong.json"));
    write(content);
    const loaded = loadConfiguration(file, { environment: {} });
    expect(loaded.ok ? [] : loaded.issues.map(formatIssue)).toEqual([expect.stringContaining(message)]);
  });

  test("is none that is not there", () => {
    const loaded = loadConfiguration(join(folder, "nobody.json"), { environment: {} });
    expect(loaded).toMatchObject({ ok: false, issues: [{ code: "file-unreadable" }] });
  });
});

describe("watching a configuration", () => {
  let watch: ConfigurationWatch | null = null;
  afterEach(() => watch?.close());

  /** Gives what is told, one after the other. */
  function watching(): () => Promise<unknown> {
    const told: unknown[] = [];
    let wake = (): void => {};
    const tell = (value: unknown): void => {
      told.push(value);
      wake();
    };
    watch = watchConfiguration(
      file,
      { environment: {} },
      {
        changed: ({ routes }) => tell(routes[0]?.policy?.options.origins),
        refused: (issues) => tell(issues.map(({ code }) => code)),
      },
      20,
    );
    return async () => {
      while (told.length === 0) await new Promise<void>((settle) => (wake = settle));
      return told.shift();
    };
  }

  test("sees it rewritten in place and replaced, and refuses what is wrong", async () => {
    write({ upstream, policy: origins("a") });
    const next = watching();
    write({ upstream, policy: origins("b") });
    expect(await next()).toEqual(["https://b.example"]);
    write({ upstream, policy: {} }, `${file}.new`);
    renameSync(`${file}.new`, file);
    expect(await next()).toEqual(["option-missing"]);
    write({ upstream, policy: origins("c") }, `${file}.new`);
    renameSync(`${file}.new`, file);
    expect(await next()).toEqual(["https://c.example"]);
  });

  test("sees the policy files that it names, also those that it did not name at first", async () => {
    write(origins("a"), policyFile);
    write({ upstream });
    const next = watching();
    write({ upstream, policy: "policy.json" });
    expect(await next()).toEqual(["https://a.example"]);
    write(origins("b"), policyFile);
    expect(await next()).toEqual(["https://b.example"]);
  });
});
