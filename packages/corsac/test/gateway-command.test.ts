import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { type GatewayOptions, parseGatewayOptions } from "@corsac/gateway";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatGateway, type RunningGateway } from "../src/text/format-gateway.ts";
import { runMain } from "./run-command.ts";

const origin = "http://localhost:3000";
const folder = mkdtempSync(join(tmpdir(), "corsac-gateway-command-"));
const started: ChildProcess[] = [];
let upstream: Server;
let url: string;
/** Called at a request to /hang, which is not answered. */
let onHang = () => {};

beforeAll(async () => {
  upstream = createServer((request, response) => {
    if (request.url === "/hang") return onHang();
    response.setHeader("Cache-Control", "no-store").end(request.url);
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
});

afterAll(() => {
  for (const child of started) if (child.exitCode === null) child.kill("SIGKILL");
  upstream.closeAllConnections();
  upstream.close();
  rmSync(folder, { recursive: true });
});

describe("mistakes are told in one sentence each, with what to write instead", () => {
  const rows: readonly [args: string[], ...sentences: string[]][] = [
    [
      [],
      "corsac gateway needs the URL of an API, such as https://api.weather.example, or --config or --open.",
      "corsac gateway needs --origin, whose pages may read, such as --origin http://localhost:3000.",
    ],
    [
      ["https://api.example", "https://other.example", "--origin", origin],
      "corsac gateway takes one URL; what is “https://other.example” for?",
    ],
    [
      ["https://api.example", "--orign", origin],
      "There is no option --orign: did you mean --origin?",
      "corsac gateway needs --origin, whose pages may read, such as --origin http://localhost:3000.",
    ],
    [
      ["localhost:4000", "--origin", `${origin}/`, "--port", "http"],
      '<upstream> has to be an http: or https: URL; write "http://localhost:4000" (upstream-invalid).',
      '--origin "http://localhost:3000/" is not written as browsers write an origin; write "http://localhost:3000" (origin-not-serialized).',
      '--port has to be a port from 0 to 65535, not "http" (option-wrong-type).',
    ],
    [
      ["--open", "*", "--origin", origin],
      "--open would let anybody use the gateway for everything; name the origins that you need (open-to-all).",
    ],
    [
      ["--open", "https://api.example", "--origin", origin, "-H", "X-Key: abc"],
      "--header is for <upstream> alone: a key is not for every origin of --open.",
    ],
    [
      ["https://api.example", "--config", "gateway.json", "--origin", origin],
      "--config names a file that says the upstream: leave out “https://api.example”.",
      "--origin has no effect beside --config: write it into the file.",
    ],
    [
      ["https://api.example", "--origin", origin, "--har", "a.har", "--workers", "2", "--tls-key", "key.pem"],
      "--tls-key and --tls-certificate belong together: give both, or --tls alone.",
      "--har records what one process does: leave out --workers or --har.",
    ],
    [
      ["https://api.example", "--origin", origin, "--workers", "0.5"],
      "--workers takes processes, such as 2; “0.5” is not a whole number above 0.",
    ],
  ];
  test.each(rows)("%j", async (args, ...sentences) => {
    const { status, stdout, stderr } = await runMain(["gateway", ...args]);
    expect(stderr.trimEnd().split("\n")).toEqual(sentences.map((sentence) => `corsac: ${sentence}`));
    expect([status, stdout]).toEqual([2, ""]);
  });

  test("a port that is taken ends with 3", async () => {
    const { port } = new URL(url);
    expect(await runMain(["gateway", url, "--origin", origin, "--port", port])).toEqual({
      status: 3,
      stdout: "",
      stderr: `corsac: Port ${port} of 127.0.0.1 is taken: choose another, or 0 for a free one.\n`,
    });
  });

  test.each([
    ["a store", ["--cache", join(folder, "no/cache.db")], /^corsac: The cache file \S+ cannot be used: [^\n]*\n$/],
    ["a key", ["--tls-key", "no.pem", "--tls-certificate", "no.pem"], /^corsac: \S+ cannot be read: [^\n]*\n$/],
  ])("%s that is of no use ends with 3", async (_, args, message) => {
    const { status, stdout, stderr } = await runMain(["gateway", url, "--origin", origin, "--port", "0", ...args]);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([3, ""]);
  });

  test("the issues of a file name it", async () => {
    const file = join(folder, "wrong.json");
    writeFileSync(file, JSON.stringify({ upstream: "https://api.example", retires: true, listen: { port: -1 } }));
    const { status, stderr } = await runMain(["gateway", "--config", file]);
    expect([status, stderr]).toEqual([
      2,
      `corsac: ${file}: retires: is no option; write "retries" (option-unknown)\n` +
        `corsac: ${file}: listen.port: has to be a port from 0 to 65535, not -1; write 0 (option-out-of-range)\n`,
    ]);
  });
});

describe("what is exposed to whom", () => {
  function running(options: GatewayOptions, more: Partial<RunningGateway> = {}): RunningGateway {
    const parsing = parseGatewayOptions(options);
    if (!parsing.ok) throw new Error(JSON.stringify(parsing.issues));
    return {
      configuration: parsing.configuration,
      url: new URL("http://127.0.0.1:8080"),
      workers: 1,
      file: null,
      authority: null,
      ...more,
    };
  }
  const everything = running(
    {
      routes: [
        {
          path: "/weather/*",
          methods: ["GET"],
          upstream: "https://api.weather.example/v1",
          policy: {
            origins: ["http://localhost:3000", "https://app.example", "https://*.preview.app.example"],
            credentials: true,
            exposedHeaders: ["ETag"],
          },
          requestHeaders: { "X-Api-Key": "hunter2" },
          cache: { store: { redis: "redis://me:hunter2@cache.example:6379" } },
        },
        {
          path: "/books",
          host: "*.books.example",
          upstream: "http://books.internal:4000",
          policy: { origins: "*", methods: "*", requestHeaders: ["Content-Type"] },
          retries: false,
          cache: true,
        },
        { path: "/new", mock: { status: 201 }, policy: { origins: ["null"], dangerously: { nullOrigin: true } } },
        { path: "/plain", upstream: "https://plain.example" },
      ],
      open: { allow: ["https://*.api.example", "http://localhost:*", "https://one.example:8443"] },
      hosts: ["gateway.example"],
      listen: { address: "192.0.2.1" },
      observe: { accessLog: "access.log", metrics: "/-/metrics", har: "gateway.har" },
    },
    { workers: 2, file: "gateway.json", url: new URL("http://192.0.2.1:8080") },
  );

  test("the least of it", () => {
    const text = formatGateway(
      running({ upstream: "https://api.weather.example", policy: { origins: [origin] }, cache: true }),
    );
    expect(text).toBe(`\
● gateway  http://127.0.0.1:8080/
           open to this machine only
           answers to localhost, *.localhost, 127.0.0.1 or [::1]

/* → https://api.weather.example/
  readable by    http://localhost:3000
  methods        GET, HEAD, POST
  protection     refuses unsafe requests of other origins
  cache          64 MiB in memory
  retries        once, of idempotent methods

Ctrl-C stops it.
`);
  });

  test("all of it, within 80 columns and without secrets", () => {
    const text = formatGateway(everything);
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(text).not.toContain("hunter2");
    expect(text).toMatchInlineSnapshot(`
      "● gateway  http://192.0.2.1:8080/
                 open to everybody who reaches 192.0.2.1, 2 workers
                 answers to gateway.example

      GET /weather/* → https://api.weather.example/v1
        readable by    http://localhost:3000, https://app.example and
                       https://*.preview.app.example, with credentials
        methods        GET, HEAD, POST
        exposed        ETag
        protection     refuses unsafe requests of other origins
        cache          in Redis at cache.example:6379
        retries        once, of idempotent methods
        sends along    x-api-key

      *.books.example/books → http://books.internal:4000/
        readable by    pages of every origin
        methods        all
        headers        Content-Type
        protection     none against forged requests
        cache          64 MiB in memory
        retries        none
        private        the upstream may be at an address that is not public

      /new → mock, 201
        readable by    null
        methods        GET, HEAD, POST
        protection     refuses unsafe requests of other origins

      /plain → https://plain.example/
        readable by    whomever the upstream allows
        cache          none
        retries        once, of idempotent methods

      /<url> → https://*.api.example, http://localhost:* and https://one.example:8443
        readable by    whomever the upstream allows
        cache          none
        retries        once, of idempotent methods

        configuration  gateway.json, read again when it changes
        access log     access.log
        recording      gateway.har, with what pages send and get
        metrics        /-/metrics

      ! Not only this machine reaches the gateway: whoever does can use the upstream
        through it.
      ! Others on the way can read and change everything: there is no TLS.
      ! An upstream that is not public is reachable through the gateway now.
      ! /-/metrics tells everybody who reaches it what is going on.
      ! The way to books.internal:4000 is not encrypted.
      ! Pages of every origin may read what comes back.
      ! The policy allows it dangerously: nullOrigin.
      ! Each worker has a cache of its own: what one changes, the others answer stale.
        Share one with a store in the configuration: sqlite or redis.
      ! Limits of requests in flight and of rates hold for each worker.

      Ctrl-C stops it.
      "
    `);
  });

  test("colour adds nothing but colour", () => {
    const colored = formatGateway(everything, { color: true });
    expect(colored).not.toBe(formatGateway(everything));
    expect(stripVTControlCharacters(colored)).toBe(formatGateway(everything));
  });
});

/** A command that goes on until it is stopped. */
class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout = "";
  stderr = "";
  #wake = () => {};

  constructor(args: readonly string[]) {
    const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
    const entry = fileURLToPath(new URL("./corsac.ts", import.meta.url));
    this.child = spawn(process.execPath, ["--conditions=corsac-source", "--import", "tsx", entry, "gateway", ...args], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    started.push(this.child);
    this.child.stdout?.setEncoding("utf8").on("data", (text) => {
      this.stdout += text;
      this.#wake();
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text) => {
      this.stderr += text;
      this.#wake();
    });
    this.ended = new Promise((settle) => this.child.once("close", settle));
    void this.ended.then(() => this.#wake());
  }

  /** Waits until the output has what is looked for. */
  async says(pattern: RegExp, stream: "stderr" | "stdout" = "stdout"): Promise<string> {
    while (true) {
      const match = pattern.exec(this[stream]);
      if (match !== null) return match[1] ?? match[0];
      if (this.child.exitCode !== null) throw new Error(`${this.stdout}\n${this.stderr}`);
      await new Promise<void>((settle) => {
        this.#wake = settle;
      });
    }
  }
}

const listensOn = /(http:\/\/127\.0\.0\.1:\d+)\/\n/;

describe.concurrent("a gateway that runs", { timeout: 40_000 }, () => {
  test("answers pages, waits for requests when it is stopped, and ends at once at a second signal", async () => {
    const gateway = new Running([url, "--origin", origin, "--port", "0"]);
    const at = await gateway.says(listensOn);
    const response = await fetch(`${at}/books`, { headers: { Origin: origin } });
    expect([response.status, await response.text()]).toEqual([200, "/books"]);
    expect(response.headers.get("access-control-allow-origin")).toBe(origin);

    const asked = new Promise<void>((settle) => {
      onHang = settle;
    });
    const hanging = fetch(`${at}/hang`).catch((error: Error) => error.name);
    await asked;
    gateway.child.kill("SIGINT");
    await gateway.says(/Stops within 10 s/, "stderr");
    expect(gateway.child.exitCode).toBeNull();
    gateway.child.kill("SIGTERM");
    expect(await gateway.ended).toBe(0);
    expect(await hanging).toBe("TypeError");
  });

  test("puts a changed configuration in place if it is valid, and stays as it is if not", async () => {
    const file = join(folder, "gateway.json");
    const write = (options: object) => writeFileSync(file, JSON.stringify(options));
    write({ upstream: url, policy: { origins: [origin] } });
    const gateway = new Running(["--config", file, "--port", "0", "--access-log", "-"]);
    const at = await gateway.says(/listens on (http:\S+)/, "stderr");
    const allowed = async () =>
      (await fetch(at, { headers: { Origin: "https://new.example" } })).headers.get("access-control-allow-origin");
    expect(await allowed()).toBeNull();
    write({ upstream: url, policy: { origins: ["new.example"] } });
    await gateway.says(/gateway\.json: policy\.origins\[0\]: .*\(origin-scheme-missing\)\n/, "stderr");
    expect(await allowed()).toBeNull();
    write({ upstream: url, policy: { origins: ["https://new.example"] } });
    await gateway.says(/has changed: its routes are in place/, "stderr");
    expect(await allowed()).toBe("https://new.example");
    gateway.child.kill("SIGTERM");
    expect(await gateway.ended).toBe(0);
    const log = gateway.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(log.map(({ decision }) => decision)).toEqual(["origin-not-allowed", "origin-not-allowed", "allowed"]);
  });

  test("runs in several processes that count as one and stop as one", async () => {
    const gateway = new Running([url, "--origin", origin, "--port", "0", "--workers", "2", "--metrics"]);
    const at = await gateway.says(listensOn);
    const ask = async (path: string) => {
      const response = await fetch(at + path, { headers: { Origin: origin, Connection: "close" } });
      return response.text();
    };
    await Promise.all(Array.from({ length: 8 }, (_, i) => ask(`/${i}`)));
    expect(await ask("/-/metrics")).toContain(
      'corsac_gateway_requests_total{route="/*",method="GET",status="2xx"} 8\n',
    );
    gateway.child.kill("SIGTERM");
    expect(await gateway.ended).toBe(0);
    expect(gateway.stderr).toBe("corsac: Stops within 10 s, when requests are answered; Ctrl-C again at once.\n");
  });
});
