import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { runMain, runProcess } from "./run-command.ts";

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const allowed = request.url === "/allowed" ? { "Access-Control-Allow-Origin": "*" } : {};
    response.writeHead(200, allowed).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const origin = "https://app.example";
const asked = ["--origin", "http://localhost:3000"];

describe("mistakes are told in one sentence each, with what to write instead", () => {
  const rows: readonly [args: string[], ...sentences: string[]][] = [
    [[], "Say what to do: corsac check <url> --origin <origin>; corsac --help tells more."],
    [["chekc"], "There is no command chekc: did you mean corsac check?"],
    [["frobnicate"], "There is no command frobnicate; corsac --help lists them."],
    [["https://api.example/"], "Say what to do with it: corsac check https://api.example/ --origin <origin>."],
    [
      ["check"],
      "corsac check needs the URL that the page fetches.",
      "corsac check needs --origin, where the page comes from, such as --origin https://app.example.",
    ],
    [
      ["check", "https://api.example/", "https://other.example/", "--origin", origin],
      "corsac check takes one URL; what is “https://other.example/” for?",
    ],
    [["check", "api", "--origin", origin], "“api” is not a URL: write it with scheme and host, such as https://api."],
    [
      ["check", "/books", "--origin", origin],
      "“/books” is not a URL: write it with scheme and host, such as http://localhost:3000/books.",
    ],
    [
      ["check", "http://", "--origin", origin],
      "“http://” is not a URL: write it with scheme and host, such as https://api.example/books.",
    ],
    [
      ["check", "localhost:4000/books", "--origin", origin],
      "“localhost:4000/books” has no scheme: did you mean http://localhost:4000/books?",
    ],
    [
      ["check", "https://me:secret@api.example/", "--origin", origin],
      "No page can fetch a URL with a user name or password in it: leave them out and set the header Authorization.",
    ],
    [
      ["check", "https://api.example/", "--origin", "https://Example.com/"],
      "“https://Example.com/” is not an origin as browsers send it: write https://example.com.",
    ],
    [
      ["check", "https://api.example/", "--origin", "app.example"],
      "“app.example” is not an origin as browsers send it: write https://app.example.",
    ],
    [
      ["check", "https://api.example/", "--origin", "https://app.example:443"],
      "“https://app.example:443” is not an origin as browsers send it: write https://app.example.",
    ],
    [
      ["check", "https://api.example/", "--origin", "*"],
      "“*” is not an origin: name the one that the page comes from, such as https://app.example.",
    ],
    [
      ["check", "https://api.example/", "--origin", "file:///home/me/page.html"],
      "Pages from files have the origin null: write null instead of “file:///home/me/page.html”.",
    ],
    [
      ["check", "https://api.example/", "--origin", "chrome-extension://abcdefgh"],
      "“chrome-extension://abcdefgh” is no origin of a web page: corsac speaks for pages of http and https.",
    ],
    [["check", "https://api.example/", "--origin"], "--origin needs a value, such as --origin https://app.example."],
    [
      ["check", "https://api.example/", "--origin", "--json"],
      "--origin needs a value, such as --origin https://app.example.",
    ],
    [
      ["check", "https://api.example/", "--orign", origin],
      "There is no option --orign: did you mean --origin?",
      "corsac check needs --origin, where the page comes from, such as --origin https://app.example.",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "-Z"],
      "There is no option -Z; corsac check --help lists them.",
    ],
    [["check", "https://api.example/", "--origin", origin, "--json=yes"], "--json takes no value; leave out “yes”."],
    [["check", "https://api.example/", "--origin", origin, "-H", "Foo"], "“Foo” is not a header: write “Name: value”."],
    [
      ["check", "https://api.example/", "--origin", origin, "-H", "F oo: bar"],
      "“F oo” is not a header name: write the header as “Name: value”.",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "-H", "X-A: a\nb"],
      "The value of X-A has a character that no header may have: a line break, a null byte or one beyond U+00FF.",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "-H", "Cookie: a=1"],
      "No script can set Cookie: the browser sets it itself; give cookies with cookie (--cookie).",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "-H", "Host: other"],
      "No script can set Host: the browser sets it itself.",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "-X", "P UT"],
      "“P UT” is not a method: a method is one word, such as PUT.",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "-X", "trace"],
      "No page can send TRACE: browsers forbid CONNECT, TRACE and TRACK.",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "-X", "GET", "-d", "{}"],
      "No page can send a body with GET: leave out the body or choose another method.",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "--mode", "corss"],
      "There is no mode “corss”: did you mean cors?",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "--redirect", "never"],
      "There is no redirect “never”: write one of follow, error, manual.",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "--browser", "chrome"],
      "There is no browser “chrome”: write one of standard, chromium, firefox, webkit.",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "--credentials=incldue"],
      "There is no credentials “incldue”: did you mean include?",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "--cookie", "sid"],
      "“sid” is not a cookie: write name=value, and “; ” between several.",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "--timeout", "soon"],
      "--timeout takes seconds, such as 10; “soon” is not a number above 0.",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "--timeout", "3000000"],
      "The timeout is a number of seconds above 0 and up to 86400 (a day), such as 10; “3000000” is not.",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "--resolve", "api.example"],
      "--resolve takes host:port:address, such as api.example:443:127.0.0.1; “api.example” is not one.",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "--proxy", "localhost"],
      "“localhost” is not the URL of a proxy: write one such as http://localhost:8080.",
    ],
    [
      ["check", "https://api.example/", "--origin", origin, "--ca-cert", "missing.pem"],
      "The file of --ca-cert, missing.pem, cannot be read: there is no such file.",
    ],
  ];

  test.each(rows)("corsac %j", async (args, ...sentences) => {
    const { status, stdout, stderr } = await runMain(args);
    expect(stderr).toBe(sentences.map((sentence) => `corsac: ${sentence}\n`).join(""));
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  test("a file without a certificate is no list of authorities", async () => {
    const file = fileURLToPath(new URL("../package.json", import.meta.url));
    const { stderr } = await runMain(["check", url, ...asked, "--ca-cert", file]);
    expect(stderr).toBe(`corsac: ${file} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).\n`);
  });
});

describe("servers that cannot be reached are told in one sentence, with status 3", () => {
  test("refused", async () => {
    const closed = createTcpServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const { status, stdout, stderr } = await runMain(["check", `http://127.0.0.1:${port}/`, ...asked]);
    expect(stderr).toBe(
      `corsac: Cannot reach 127.0.0.1:${port}: nothing listens there (connect ECONNREFUSED 127.0.0.1:${port}).\n`,
    );
    expect([status, stdout]).toEqual([3, ""]);
  });

  test("a name without address", async () => {
    const { status, stderr } = await runMain(["check", "http://nobody.invalid/", ...asked]);
    expect(stderr).toMatch(/^corsac: Cannot reach nobody\.invalid: the host name has no address \(.+\)\.\n$/);
    expect(status).toBe(3);
  });

  test("TLS spoken to a server that does not", async () => {
    const { status, stderr } = await runMain(["check", url.replace("http:", "https:"), ...asked]);
    expect(stderr).toMatch(
      /^corsac: Cannot reach 127\.0\.0\.1:\d+: the TLS connection failed \(.+--insecure trusts all\)\.\n$/,
    );
    expect(status).toBe(3);
  });

  test("silence, for a preflight too", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const { status, stderr } = await runMain([
      "check",
      `http://127.0.0.1:${port}/`,
      ...asked,
      "-X",
      "PUT",
      "--timeout",
      "0.2",
    ]);
    silent.closeAllConnections();
    silent.close();
    expect(stderr).toMatch(/^corsac: Cannot reach 127\.0\.0\.1:\d+: no answer came in time \(.+\)\.\n$/);
    expect(status).toBe(3);
  });

  test("with --json the report goes to stdout all the same", async () => {
    const { status, stdout, stderr } = await runMain(["check", "http://nobody.invalid/", ...asked, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ schema: "corsac.check/1", verdict: "unreachable" });
    expect(stderr).toContain("Cannot reach nobody.invalid");
    expect(status).toBe(3);
  });
});

describe("colour", () => {
  const start = "\u001b[";
  const rows: readonly [
    title: string,
    env: Record<string, string>,
    isTTY: boolean,
    flags: string[],
    colored: boolean,
  ][] = [
    ["none in a pipe", {}, false, [], false],
    ["on a terminal", {}, true, [], true],
    ["none with NO_COLOR", { NO_COLOR: "1" }, true, [], false],
    ["with FORCE_COLOR in a pipe", { FORCE_COLOR: "1" }, false, [], true],
    ["NO_COLOR beats FORCE_COLOR", { NO_COLOR: "1", FORCE_COLOR: "1" }, true, [], false],
    ["an empty NO_COLOR says nothing", { NO_COLOR: "" }, true, [], true],
    ["FORCE_COLOR=0 switches it off", { FORCE_COLOR: "0" }, true, [], false],
    ["--no-color beats all", { FORCE_COLOR: "1" }, true, ["--no-color"], false],
    ["none on a dumb terminal", { TERM: "dumb" }, true, [], false],
  ];

  test.each(rows)("%s", async (_, env, isTTY, flags, colored) => {
    const { stdout } = await runMain(["check", url, ...asked, ...flags], env, isTTY);
    expect(stdout.includes(start)).toBe(colored);
  });

  test("is all there is between the two", async () => {
    const plain = await runMain(["check", url, ...asked], { COLUMNS: "80" });
    const colored = await runMain(["check", url, ...asked], {}, true);
    expect(stripVTControlCharacters(colored.stdout)).toBe(plain.stdout);
  });
});

describe("the process", () => {
  test("ends with 0 when the page gets what it asked for", async () => {
    const { status, stdout, stderr } = await runProcess(["check", `${url}/allowed`, ...asked]);
    expect(stdout).toMatch(/^✔ allowed {2}GET /);
    expect([status, stderr]).toEqual([0, ""]);
  });

  test("ends with 1 when it does not", async () => {
    const { status, stdout, stderr } = await runProcess(["check", url, ...asked]);
    expect(stdout).toMatch(/^✖ blocked {2}GET /);
    expect([status, stderr]).toEqual([1, ""]);
  });

  test("ends with 2 for a mistake, with 3 when nobody answers, and never shows a stack", async () => {
    const [mistake, silence] = await Promise.all([
      runProcess(["check", "nonsense", ...asked]),
      runProcess(["check", "http://nobody.invalid/", ...asked]),
    ]);
    expect([mistake.status, silence.status]).toEqual([2, 3]);
    expect(mistake.stderr + silence.stderr).not.toMatch(/^\s+at /m);
  });

  test("--version and --help", async () => {
    expect(await runProcess(["--version"])).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: "" });
    const help = await runMain(["--help"]);
    const checkHelp = await runMain(["check", "--help"]);
    expect([help.status, checkHelp.status]).toEqual([0, 0]);
    expect(checkHelp.stdout).toContain("Examples\n");
    expect(`${help.stdout}${checkHelp.stdout}`.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});
