import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  formatIssue,
  gatewayErrorStatuses,
  gatewayIssueCodes,
  loadConfiguration,
  parseGatewayOptions,
} from "@corsac/gateway";
import { afterAll, describe, expect, test } from "vitest";
import { gatewayHelp } from "../src/cli/gateway-help.ts";
import { parseGatewayArguments } from "../src/cli/parse-gateway-arguments.ts";
import { formatGateway } from "../src/text/format-gateway.ts";

const root = new URL("../../../", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, root), "utf8");
const guide = read("docs/guides/gateway.md");
const documents = `${guide}\n${read("packages/gateway/README.md")}`;
const blocks = (language: string, text = documents) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, block = ""]) => block);

const folder = mkdtempSync(join(tmpdir(), "corsac-gateway-documents-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("configurations in documents", () => {
  const inText = [...guide.matchAll(/`(\{ "upstream".*\})`/g)].map(([, json = ""]) => json);

  test.each([...blocks("json"), ...inText])("%s", (json) => {
    writeFileSync(join(folder, "policy.json"), '{"origins":["http://localhost:3000"]}');
    writeFileSync(join(folder, "gateway.json"), json);
    const loaded = loadConfiguration(join(folder, "gateway.json"), { environment: { WEATHER_KEY: "key" } });
    expect(loaded.ok ? [] : loaded.issues.map(formatIssue)).toEqual([]);
  });

  test("there are some", () => expect([blocks("json").length, inText.length]).toEqual([2, 1]));
});

describe("commands in documents and in the help", () => {
  const commands = [...blocks("sh"), gatewayHelp.slice(gatewayHelp.indexOf("Examples\n"))]
    .flatMap((block) => block.replaceAll("\\\n", " ").split("\n"))
    .map((line) => line.trim().replace(/^npx /, ""))
    .filter((line) => line.startsWith("corsac gateway "));

  test.each(commands)("%s", (command) => {
    const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
    const { source, listen } = parseGatewayArguments(args.slice(2));
    const parsing = parseGatewayOptions("file" in source ? { mock: {} } : { ...source.options, listen });
    expect(parsing.ok ? [] : parsing.issues.map(formatIssue)).toEqual([]);
  });

  test("the guide shows what the first one prints", () => {
    const { source } = parseGatewayArguments((commands[0] ?? "").split(" ").slice(2));
    const parsing = parseGatewayOptions("options" in source ? source.options : {});
    if (!parsing.ok) throw new Error(JSON.stringify(parsing.issues));
    const url = new URL("http://127.0.0.1:8080");
    expect(formatGateway({ configuration: parsing.configuration, url, workers: 1, file: null, authority: null })).toBe(
      blocks("text", guide)[0],
    );
  });
});

test("the guide explains each code of an issue, and no other", () => {
  const rows = [...guide.slice(guide.indexOf("\n## Issues")).matchAll(/^\| `([\w-]+)` \| \S/gm)].map(
    ([, code]) => code,
  );
  expect(rows).toEqual(gatewayIssueCodes);
});

test("the guide explains each error of the gateway, and no other", () => {
  const errors = guide.slice(guide.indexOf("\n## Errors"), guide.indexOf("\n## Configuration"));
  const rows = [...errors.matchAll(/^\| `([\w-]+)` \| (\d+) \| \S/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ]);
  expect(rows).toEqual([...Object.entries(gatewayErrorStatuses), ["gateway-failed", 500]]);
});

describe("the reference in the guide", () => {
  interface Schema {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly anyOf?: readonly Schema[];
    readonly $ref?: string;
    readonly default?: unknown;
  }
  const schema: Schema & { readonly definitions: Readonly<Record<string, Schema>> } = JSON.parse(
    readFileSync(fileURLToPath(import.meta.resolve("@corsac/gateway/gateway.schema.json")), "utf8"),
  );
  const reference = guide.slice(guide.indexOf("\n## Configuration"), guide.indexOf("\n## Issues"));

  /** The members of an object of options, also of one that may be written as something shorter. */
  function membersOf({ $ref, properties, anyOf = [] }: Schema): [name: string, schema: Schema][] {
    const name = $ref?.split("/").at(-1) ?? "";
    if (name === "policy" || name === "protection") return [];
    const meant = $ref === undefined ? {} : (schema.definitions[name] ?? {});
    return [
      ...Object.entries(properties ?? {}),
      ...($ref === undefined ? [] : membersOf(meant)),
      ...anyOf.flatMap((one) => membersOf(one)),
    ];
  }

  test.each(Object.entries(schema.properties ?? {}).filter(([name]) => name !== "$schema"))("%s", (name, member) => {
    const row = reference.split("\n").find((line) => line.startsWith(`| \`${name}\``)) ?? "";
    expect(row).not.toBe("");
    for (const [inner, { default: value }] of membersOf(member)) {
      if (inner === "sqlite" || inner === "redis") continue;
      const isScalar = typeof value === "number" || typeof value === "string";
      const written = isScalar ? `\`${inner}\` ${"`?"}"?${String(value).replaceAll(".", "\\.")}\\b` : `\`${inner}\``;
      expect(row).toMatch(new RegExp(written));
    }
  });
});
