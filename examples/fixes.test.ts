import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Browser } from "@corsac/browser";
import cors from "cors";
import { transformSync } from "esbuild";
import express, { type RequestHandler } from "express";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A page about a problem. */
interface Page {
  readonly code: string;
  /** Everything that it shows in JavaScript. */
  readonly programs: readonly string[];
  /** What it shows to be done in Express; empty where that is none of the cure. */
  readonly fix: string;
  /** The words of the `corsac check` line that shows the problem. */
  readonly command: readonly string[];
}

const pages: readonly Page[] = ["docs/problems", "docs/findings"].flatMap((folder) =>
  readdirSync(`${root}/${folder}`).map((name) => {
    const text = readFileSync(`${root}/${folder}/${name}`, "utf8").replaceAll("\\\n", " ");
    const programs = [...text.matchAll(/```js\n(.*?)```/gs)].map(([, program = ""]) => program);
    const line = /^corsac check (https:.*)$/m.exec(text)?.[1] ?? "";
    return {
      code: name.replace(".md", ""),
      programs,
      fix: programs.filter((program) => program.includes("cors({")).join("\n"),
      command: [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare = ""]) => quoted ?? bare),
    };
  }),
);

test.each(pages.filter(({ programs }) => programs.length > 0))("$code: its programs are JavaScript", ({ programs }) => {
  for (const program of programs) expect(() => transformSync(program, { format: "esm" })).not.toThrow();
});

// There what Express is told is not the whole cure: the command asks for what no server can grant.
const curedInThePage = [
  "mode-same-origin",
  "no-cors-redirect-mode",
  "no-cors-misuse",
  "cors-header-on-request",
  "opaque-response",
];

describe("what a page tells Express cures what its command shows", () => {
  const curable = pages.filter(
    ({ code, fix, command }) => fix !== "" && command.length > 0 && !curedInThePage.includes(code),
  );

  test("there are some", () => expect(curable.length).toBeGreaterThan(12));

  test.each(curable)("$code", async ({ fix, command }) => {
    const app = express();
    // Programs of a page may name what stands elsewhere in a server.
    new Function("app", "cors", "authenticate", fix)(app, cors, authenticate);
    app.all("/{*path}", (_, response) => void response.json([]));
    const browser = new Browser();
    browser.route("https://api.example", createServer(app));
    const { values, positionals } = parseArgs({ args: [...command], options, allowPositionals: true });
    const headers = (values.header ?? []).map((header) => header.split(/: */) as [string, string]);
    const outcome = await browser.open(values.origin ?? "").attempt(positionals[0] ?? "", {
      method: values.method ?? (values.data === undefined ? "GET" : "POST"),
      headers,
      credentials: values.credentials ? "include" : "same-origin",
      ...(values.data === undefined || values.method === "GET" ? {} : { body: values.data }),
    });
    await browser.close();
    expect(outcome.kind === "response" ? "allowed" : outcome.problem).toBe("allowed");
  });
});

const options = {
  origin: { type: "string" },
  method: { type: "string", short: "X" },
  header: { type: "string", short: "H", multiple: true },
  data: { type: "string", short: "d" },
  credentials: { type: "boolean" },
  send: { type: "boolean" },
  "read-header": { type: "string" },
} as const;

/** Lets preflights alone pass, which come without credentials. */
const authenticate: RequestHandler = ({ headers }, response, next) => {
  if (headers.authorization === undefined && headers.cookie === undefined) response.sendStatus(401);
  else next();
};
