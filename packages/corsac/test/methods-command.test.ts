import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProgressLine } from "../src/cli/progress-line.ts";
import { formatMethodsReport, verifyMethods } from "../src/index.ts";
import { schemaErrors } from "./json-schema.ts";
import { runMain, runProcess } from "./run-command.ts";

const schema = JSON.parse(readFileSync(new URL("../methods-report.schema.json", import.meta.url), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "corsac-methods-"));
const openApi = (paths: object, more: object = {}) => JSON.stringify({ openapi: "3.1.0", paths, ...more });

let server: Server;
let url: string;
const seen: { method: string; authorization: string | undefined; origin: string | undefined }[] = [];
/** Called at the second request to /slow. */
let onSlow = () => {};

beforeAll(async () => {
  let reads = 0;
  let slow = 0;
  const send = (response: ServerResponse, value: object) => {
    response.setHeader("Content-Type", "application/json");
    response.setHeader("Cache-Control", "no-store");
    response.end(JSON.stringify(value));
  };
  server = createServer((request, response) => {
    const { method = "", headers } = request;
    seen.push({ method, authorization: headers.authorization, origin: headers.origin });
    const path = (request.url ?? "").replace(/\?.*/, "");
    if (path === "/openapi.json") return void response.end(openApi({ "/good": { get: {} }, "/bad": { get: {} } }));
    if (path === "/production.json") {
      return void response.end(openApi({ "/good": { get: {} } }, { servers: [{ url: "https://api.example" }] }));
    }
    if (path === "/swagger.json")
      return void response.setHeader("Content-Type", "application/json").end('{"swagger":"2.0"}');
    if (path === "/slow" && ++slow > 1) return onSlow();
    if (path === "/busy") return void response.writeHead(429, { "Retry-After": "3600" }).end();
    if (method === "OPTIONS") return void response.writeHead(204, { Allow: "GET, HEAD, OPTIONS" }).end();
    if (method !== "GET" && method !== "HEAD")
      return void response.writeHead(405, { Allow: "GET, HEAD, OPTIONS" }).end();
    if (path === "/bad") return send(response, { reads: method === "GET" ? ++reads : reads, apiKey: reads });
    if (path === "/good" || path === "/slow") return send(response, { books: [] });
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("mistakes are told in one sentence each, with what to write instead", () => {
  const rows: readonly [args: string[], ...sentences: string[]][] = [
    [[], "corsac methods needs an OpenAPI document (file or URL), or the URL of a resource."],
    [["a.json", "b.json"], "corsac methods takes one document or URL; what is “b.json” for?"],
    [["a.json", "--alow-unsafe"], "There is no option --alow-unsafe: did you mean --allow-unsafe?"],
    [["a.json", "--budget", "many"], "--budget takes requests, such as 500; “many” is not a whole number above 0."],
    [["a.json", "--budget", "0.5"], "--budget takes requests, such as 500; “0.5” is not a whole number above 0."],
    [
      ["a.json", "--time-limit", "9999999"],
      "The time limit is a number of seconds above 0 and up to 86400 (a day), such as 60; “9999999” is not.",
    ],
    [["a.json", "--time-limit", "-1"], "--time-limit takes seconds, such as 10; “-1” is not a number above 0."],
    [["a.json", "--server"], "--server needs a value, such as --server http://localhost:3000."],
    [["a.json", "-H", "Foo"], "“Foo” is not a header: write “Name: value”."],
    [["a.json", "-H", "If-Match: *"], "If-Match is among what is verified: leave it out."],
    [["a.json", "-H", "Host: other"], "Host follows from the request: leave it out."],
    [
      ["a.json", "--origin", "https://app.example/"],
      "“https://app.example/” is not an origin as browsers send it: write one such as https://app.example.",
    ],
    [
      ["a.json", "--confirm-host", "api.example"],
      "A confirmed host says nothing by itself: allow unsafe methods too (--allow-unsafe), or leave it out.",
    ],
    [["localhost:4000/books"], "“localhost:4000/books” has no scheme: did you mean http://localhost:4000/books?"],
    [["none.json"], "There is no file none.json; write a URL with its scheme, such as https://none.json."],
    [
      ["https://me:secret@api.example/"],
      "A URL with a user name or password ends up in logs: leave them out and set the header Authorization.",
    ],
  ];
  test.each(rows)("corsac methods %j", async (args, ...sentences) => {
    const { status, stdout, stderr } = await runMain(["methods", ...args]);
    expect(stderr).toBe(sentences.map((sentence) => `corsac: ${sentence}\n`).join(""));
    expect([status, stdout]).toEqual([2, ""]);
  });

  test.each([
    ["yaml.json", "openapi: 3.1.0\n", "is YAML: convert the document to JSON."],
    ["text.json", "hello", "is not JSON: corsac methods reads OpenAPI documents in JSON."],
    ["old.json", '{"swagger":"2.0"}', "is Swagger 2.0: convert it to OpenAPI 3.0 or 3.1."],
    ["other.json", "{}", "is no OpenAPI document of version 3: it has no member openapi that begins with 3."],
    ["empty.json", '{"openapi":"3.1.0"}', "describes no path."],
  ])("a document like %s", async (name, text, sentence) => {
    const path = file(name, text);
    expect((await runMain(["methods", path])).stderr).toBe(`corsac: ${path} ${sentence}\n`);
  });

  test("a file that does not say where the API is", async () => {
    const { stderr } = await runMain([
      "methods",
      file("relative.json", openApi({ "/a": {} }, { servers: [{ url: "/v1" }] })),
    ]);
    expect(stderr).toBe(
      "corsac: The document does not say where the API is: name it with --server, such as --server http://localhost:3000.\n",
    );
  });

  test("a document that leads away from where it was found", async () => {
    const { stderr, status } = await runMain(["methods", `${url}/production.json`]);
    expect(stderr).toBe(
      `corsac: The document at ${url} names https://api.example as its server: say which to verify with --server.\n`,
    );
    expect(status).toBe(2);
  });
});

describe("unsafe methods reach this machine, and other hosts only when they were named a second time", () => {
  const elsewhere = () =>
    file("elsewhere.json", openApi({ "/a": { put: {} } }, { servers: [{ url: "https://api.example/v1" }] }));

  test("not by --allow-unsafe alone", async () => {
    const { status, stderr } = await runMain(["methods", elsewhere(), "--allow-unsafe"]);
    expect(stderr).toBe(
      "corsac: Unsafe methods create, change and delete data on api.example: if that is what you want, confirm it with --confirm-host api.example.\n",
    );
    expect(status).toBe(2);
  });

  test("not with another host confirmed", async () => {
    const { stderr } = await runMain(["methods", elsewhere(), "--allow-unsafe", "--confirm-host", "staging.example"]);
    expect(stderr).toBe(
      "corsac: You confirmed the host staging.example, but the API is at api.example: nothing was sent to it.\n",
    );
  });
});

describe("exit status", () => {
  test("0 when clean, and secrets are sent but not shown", async () => {
    seen.length = 0;
    const args = ["methods", `${url}/good`, "-H", "Authorization: Bearer secret", "--origin", "https://app.example"];
    const { status, stdout, stderr } = await runMain(args);
    expect(stdout).toMatch(/^✔ clean {2}http:\/\/127/);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).not.toContain("secret");
    const withSecret = seen.filter(({ authorization }) => authorization === "Bearer secret");
    expect(new Set(withSecret.map(({ method }) => method))).toEqual(new Set(["GET", "HEAD", "OPTIONS", "QUERY"]));
    expect(new Set(withSecret.map(({ origin }) => origin))).toEqual(new Set(["https://app.example"]));
    expect(seen.filter(({ method }) => method === "TRACE")).toEqual([
      { method: "TRACE", authorization: undefined, origin: undefined },
    ]);
  });

  test("1 with findings, each with what was seen", async () => {
    const { status, stdout } = await runMain(["methods", `${url}/openapi.json`]);
    expect(stdout).toContain("✖ safe-method-changes-state");
    expect(stdout).toMatch(/→ \/bad reads: \d+, then \d+/);
    expect(stdout).toContain("→ /bad apiKey: ****, then ****");
    expect(status).toBe(1);
  });

  test("3 when nobody answers", async () => {
    const { status, stderr } = await runMain(["methods", "http://nobody.invalid/openapi.json"]);
    expect(stderr).toMatch(/^corsac: Cannot reach nobody\.invalid: the host name has no address \(.+\)\.\n$/);
    expect(status).toBe(3);
    const known = file("closed.json", openApi({ "/a": { get: {} } }));
    expect((await runMain(["methods", known, "--server", "http://127.0.0.1:1"])).status).toBe(3);
  });
});

describe("a run that is stopped tells what it has", () => {
  test("at the budget", async () => {
    const { stdout, status } = await runMain(["methods", `${url}/openapi.json`, "--budget", "10"]);
    expect(stdout).toContain("Incomplete: the budget of requests is used up; --budget takes more.");
    expect(stdout).toMatch(/^\? nothing found so far .*\n {2}.* 10 requests/);
    expect(status).toBe(0);
  });

  test("at the time limit, with an answer that does not come", async () => {
    onSlow = () => {};
    const report = await verifyMethods({ target: `${url}/slow`, timeLimit: 0.3 });
    expect(report.stopped).toBe("time-limit");
  });

  test("when the server asks for a long pause", async () => {
    expect((await verifyMethods({ target: `${url}/busy` })).stopped).toBe("rate-limited");
  });

  test("by its signal, while it waits for an answer", async () => {
    const controller = new AbortController();
    onSlow = () => controller.abort();
    const report = await verifyMethods({ target: `${url}/slow`, signal: controller.signal });
    expect([report.stopped, report.verdict]).toEqual(["interrupted", "clean"]);
  });

  test("by Ctrl-C, as a process", async () => {
    const entry = fileURLToPath(new URL("./corsac.ts", import.meta.url));
    const args = ["--conditions=corsac-source", "--import", "tsx", entry, "methods", `${url}/slow`, "--json"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    onSlow = () => void child.kill("SIGINT");
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect(JSON.parse(stdout)).toMatchObject({ schema: "corsac.methods/1", stopped: "interrupted" });
    expect(status).toBe(0);
  });
});

describe("what is printed", () => {
  test("--json is as the schema says, with findings and without", async () => {
    for (const args of [["/openapi.json"], ["/good"], ["/openapi.json", "--budget", "5"]]) {
      const { stdout } = await runMain(["methods", `${url}${args[0]}`, ...args.slice(1), "--json"]);
      expect(schemaErrors(JSON.parse(stdout), schema)).toEqual([]);
    }
    const { stdout } = await runMain(["methods", "http://nobody.invalid/", "--json"]);
    expect(schemaErrors(JSON.parse(stdout), schema)).toEqual([]);
  });

  test("fits 80 columns, and colour is all that colour adds", async () => {
    const report = await verifyMethods({ target: `${url}/openapi.json` });
    const text = formatMethodsReport(report, { width: 80 });
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(stripVTControlCharacters(formatMethodsReport(report, { width: 80, color: true }))).toBe(text);
  });

  test("control characters of a server cannot move the cursor", async () => {
    const report = await verifyMethods({ target: `${url}/openapi.json` });
    const [finding] = report.findings;
    const forged = { ...finding!, resource: "/\u001b[2J", observed: ["\u001b[2J"] };
    expect(formatMethodsReport({ ...report, findings: [forged] })).not.toContain("\u001b");
  });

  test("is what the README shows", async () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const { stdout } = await runMain(["methods", `${url}/openapi.json`]);
    const finding = /✖ safe-method-changes-state[\s\S]*?\.md\n/.exec(stdout)?.[0];
    const shown = finding?.replace(/\d+, then \d+/, "1, then 2").replace(/.*apiKey.*\n/, "");
    expect(readme).toContain(shown);
  });

  test("help fits 80 columns", async () => {
    const { stdout, status } = await runMain(["methods", "--help"]);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(status).toBe(0);
    expect((await runMain(["help", "methods"])).stdout).toBe(stdout);
  });

  test("standard error stays empty where it is no terminal", async () => {
    const { stderr } = await runProcess(["methods", `${url}/good`]);
    expect(stderr).toBe("");
  });
});

test("progress is one line, no wider than the terminal, and leaves nothing behind", () => {
  const written: string[] = [];
  const line = new ProgressLine({ columns: 30, write: (text) => void written.push(text) }, 0);
  line.show({ done: 5, steps: 10, requests: 48, current: "GET /a/long/path/that/does/not/fit" });
  line.clear();
  expect(written.map((text) => text.replace("\r\u001b[K", ""))).toEqual(["██████████░░░░░░░░░░ 5/10  48", ""]);
});
