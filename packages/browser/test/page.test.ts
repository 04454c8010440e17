import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Browser, BrowserError, type Page, type SubresourceKind } from "../src/index.ts";
import { type ReceivedRequest, type RecordingServer, recordingServer } from "./recording-server.ts";

const home = "http://localhost:3000";
let api: RecordingServer;
let answer: (request: ReceivedRequest, response: ServerResponse) => void;
let url: string;
let otherSite: string;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  api = await recordingServer((request, response) => answer(request, response));
  url = `http://localhost:${api.port}`;
  otherSite = `http://127.0.0.1:${api.port}`;
});

beforeEach(async () => {
  await browser?.close();
  api.received.length = 0;
  browser = new Browser();
  page = browser.open(`${home}/app?x=1`);
  answer = (_, response) => response.end("hello");
});

afterAll(async () => {
  await browser.close();
  api.close();
});

const lines = () => api.received.map(({ method, path }) => `${method} ${path}`);

function allow(response: ServerResponse, headers: Readonly<Record<string, string>> = {}): ServerResponse {
  return response.writeHead(200, { "Access-Control-Allow-Origin": home, ...headers });
}

describe("what is blocked", () => {
  test("a response without permission rejects with a bare TypeError, and only the inspector knows why", async () => {
    const error = await page.fetch(`${url}/books`).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).cause).toBeUndefined();
    expect((error as Error).message).not.toContain("Origin");
    expect(page.inspector.problems).toEqual([
      { code: "allow-origin-missing", stage: "response", expected: home, status: 200 },
    ]);
    expect(lines()).toEqual(["GET /books"]);
  });

  test("a simple cross-origin POST is sent although its response stays hidden", async () => {
    await expect(page.fetch(`${url}/books`, { method: "POST", body: "x" })).rejects.toThrow(TypeError);
    expect(api.received).toMatchObject([{ method: "POST", body: "x", headers: { origin: home } }]);
  });

  test("what a preflight refuses is not sent", async () => {
    await expect(page.fetch(`${url}/books/Dune`, { method: "DELETE" })).rejects.toThrow(TypeError);
    expect(lines()).toEqual(["OPTIONS /books/Dune"]);
  });

  test("what cannot be sent from the start is not sent", async () => {
    await expect(page.fetch(url, { mode: "same-origin" })).rejects.toThrow(TypeError);
    await expect(page.fetch("http://localhost:6000/")).rejects.toThrow(TypeError);
    await expect(page.fetch("ftp://localhost/")).rejects.toThrow(TypeError);
    expect(page.inspector.problems.map(({ code, stage }) => [code, stage])).toEqual([
      ["mode-same-origin", "request"],
      ["bad-port", "request"],
      ["url-scheme-unsupported", "request"],
    ]);
    expect(lines()).toEqual([]);
  });

  test("no-cors sends, stores cookies, and shows nothing", async () => {
    answer = (_, response) => response.writeHead(201, { "Set-Cookie": "a=1" }).end("secret");
    const response = await page.fetch(url, { mode: "no-cors", credentials: "include" });
    expect([response.type, response.status, response.url, await response.text()]).toEqual(["opaque", 0, "", ""]);
    expect(browser.open(url).cookie).toBe("a=1");
  });

  test("attempt tells instead of rejecting", async () => {
    const outcome = await page.attempt(url);
    expect(outcome).toMatchObject({ kind: "network-error", problem: { code: "allow-origin-missing" } });
  });
});

describe("what is allowed", () => {
  test("shows the safelisted and the exposed headers, never Set-Cookie", async () => {
    answer = (_, response) =>
      allow(response, {
        "Access-Control-Expose-Headers": "ETag, Set-Cookie",
        "Content-Type": "text/plain",
        ETag: '"1"',
        "X-Secret": "1",
        "Set-Cookie": "a=1",
      }).end("hello");
    const response = await page.fetch(url);
    expect([response.type, response.status, response.url, response.redirected]).toEqual([
      "cors",
      200,
      `${url}/`,
      false,
    ]);
    expect([...response.headers]).toEqual([
      ["content-type", "text/plain"],
      ["etag", '"1"'],
    ]);
    expect(await response.text()).toBe("hello");
  });

  test("a preflight is sent once, then the cache answers until its max-age is over", async () => {
    let now = 0;
    const own = new Browser({ now: () => now });
    const ownPage = own.open(home);
    answer = ({ method }, response) =>
      allow(
        response,
        method === "OPTIONS" ? { "Access-Control-Allow-Methods": "PUT", "Access-Control-Max-Age": "60" } : {},
      ).end();
    const put = () => ownPage.fetch(`${url}/books/Dune`, { method: "PUT" });
    await put();
    await put();
    expect(ownPage.inspector.preflightCacheHits).toBe(1);
    now = 60_000;
    await put();
    expect(lines().map((line) => line.split(" ")[0])).toEqual(["OPTIONS", "PUT", "PUT", "OPTIONS", "PUT"]);
    await own.close();
  });

  test("the request says who asks: every header that was sent is in the inspector", async () => {
    answer = (_, response) => allow(response).end();
    await page
      .fetch(`${url}/books`, { headers: { "X-A": "1", Host: "evil.example", "Sec-Fetch-Site": "none" } })
      .catch(() => {});
    answer = (_, response) => allow(response).end();
    await page.fetch(`${url}/books`, { headers: { Accept: "application/json" } });
    const { response } = page.inspector.exchanges.at(-1) ?? {};
    const sent = Object.fromEntries((response?.sentHeaders ?? []).map(([name, value]) => [name.toLowerCase(), value]));
    expect(sent).toEqual({
      host: `localhost:${api.port}`,
      connection: "keep-alive",
      accept: "application/json",
      "accept-encoding": expect.stringContaining("gzip"),
      "accept-language": "en-US,en;q=0.9",
      origin: home,
      referer: `${home}/`,
      "sec-fetch-dest": "empty",
      "sec-fetch-mode": "cors",
      "sec-fetch-site": "same-site",
      "user-agent": expect.stringContaining("corsac"),
    });
    expect(api.received[0]?.headers["access-control-request-headers"]).toBe("x-a");
  });

  test("the profile decides where browsers and the standard part", async () => {
    answer = (_, response) => allow(response, { "Access-Control-Allow-Headers": "*" }).end();
    const init = { headers: { Authorization: "Bearer x" } };
    expect((await page.attempt(url, init)).kind).toBe("network-error");
    for (const profile of ["chromium", "firefox", "webkit"] as const) {
      const own = new Browser({ profile });
      expect([profile, (await own.open(home).attempt(url, init)).kind]).toEqual([profile, "response"]);
      await own.close();
    }
  });
});

describe("bodies and signals", () => {
  test("a streamed response arrives piece by piece", async () => {
    let finish = () => {};
    answer = (_, response) => {
      allow(response).write("first");
      finish = () => response.end("second");
    };
    const reader = (await page.fetch(url)).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("first");
    finish();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("second");
    expect((await reader?.read())?.done).toBe(true);
  });

  test("a streamed upload arrives whole, and is announced by a preflight", async () => {
    answer = (_, response) => allow(response).end();
    const body = new Blob(["one ", "two"]).stream();
    await page.fetch(url, { method: "POST", body, duplex: "half" });
    expect(api.received.map(({ method, body: arrived }) => [method, arrived])).toEqual([
      ["OPTIONS", ""],
      ["POST", "one two"],
    ]);
  });

  test("fetches that share a signal are no leak", async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error) => warnings.push(name);
    process.on("warning", onWarning);
    const { signal } = new AbortController();
    const same = browser.open(url);
    await Promise.all(Array.from({ length: 12 }, async () => (await same.fetch("/", { signal })).text()));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
  });

  test("aborting cancels a streamed upload with the reason", async () => {
    const abort = new AbortController();
    let cancelled: (reason: unknown) => void;
    const reason = new Promise((resolve) => {
      cancelled = resolve;
    });
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (++pulls === 3) abort.abort("enough");
        else controller.enqueue(new Uint8Array(1));
      },
      cancel: (given) => cancelled(given),
    });
    const same = browser.open(url);
    const fetching = same.fetch("/upload", { method: "PUT", body, duplex: "half", signal: abort.signal });
    await expect(fetching).rejects.toBe("enough");
    expect(await reason).toBe("enough");
  });

  test.each(["before", "while waiting", "while reading"])(
    "aborting %s rejects with the signal's reason",
    async (when) => {
      const controller = new AbortController();
      const reason = new Error("enough");
      answer = (_, response) => {
        if (when === "while reading") allow(response).write("first");
        else controller.abort(reason);
      };
      if (when === "before") controller.abort(reason);
      const fetching = page.fetch(url, { signal: controller.signal });
      if (when !== "while reading") return expect(fetching).rejects.toBe(reason);
      const response = await fetching;
      const reading = response.text();
      controller.abort(reason);
      await expect(reading).rejects.toBe(reason);
    },
  );

  test("integrity metadata lets the right bytes through, and no others", async () => {
    answer = (_, response) => allow(response).end("hello");
    const digest = (text: string) => `sha384-${createHash("sha384").update(text).digest("base64")}`;
    const right = await page.fetch(url, { integrity: `sha256-AAAA ${digest("hello")}` });
    expect(await right.text()).toBe("hello");
    await expect(page.fetch(url, { integrity: digest("other") })).rejects.toThrow(TypeError);
    expect(page.inspector.problems.at(-1)?.code).toBe("integrity-mismatch");
  });

  test("data: and blob: URLs are read without a request", async () => {
    const blobUrl = URL.createObjectURL(new Blob(["from a blob"], { type: "text/plain" }));
    expect(await (await page.fetch("data:text/plain;base64,aGk=")).text()).toBe("hi");
    expect(await (await page.fetch(blobUrl)).text()).toBe("from a blob");
    expect(lines()).toEqual([]);
  });
});

describe("the roads that CORS does not guard", () => {
  test("a form of another site is sent, with the cookies that SameSite allows", async () => {
    browser.cookieJar.set(new URL(otherSite), "none=1; SameSite=None; Secure");
    browser.cookieJar.set(new URL(otherSite), "lax=1; SameSite=Lax");
    browser.cookieJar.set(new URL(otherSite), "strict=1; SameSite=Strict");
    const { page: reached } = await page.submit({
      action: `${otherSite}/transfer`,
      method: "post",
      fields: [["amount", "1 000"]],
    });
    expect(api.received).toMatchObject([
      {
        method: "POST",
        body: "amount=1+000",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          cookie: "none=1",
          origin: home,
          "sec-fetch-mode": "navigate",
          "sec-fetch-site": "cross-site",
        },
      },
    ]);
    expect(reached?.origin).toBe(otherSite);
  });

  test("enctypes and methods of forms", async () => {
    const fields = [
      ["a", "1"],
      ["b", "ä&="],
    ] as const;
    await page.submit({ action: `${url}/get?old=1#f`, fields });
    await page.submit({ action: url, method: "post", enctype: "text/plain", fields });
    await page.submit({ action: url, method: "post", enctype: "multipart/form-data", fields });
    expect(api.received[0]?.path).toBe("/get?a=1&b=%C3%A4%26%3D");
    expect(api.received[1]?.body).toBe("a=1\r\nb=ä&=\r\n");
    expect(api.received[2]?.body).toContain('Content-Disposition: form-data; name="b"\r\n\r\nä&=\r\n');
  });

  test("a link to another site takes Lax cookies along, a frame does not", async () => {
    browser.cookieJar.set(new URL(otherSite), "lax=1; SameSite=Lax");
    await page.navigate(`${otherSite}/link`);
    await page.navigate(`${otherSite}/frame`, { target: "frame" });
    expect(api.received.map(({ path, headers }) => [path, headers.cookie, headers["sec-fetch-dest"]])).toEqual([
      ["/link", "lax=1", "document"],
      ["/frame", undefined, "iframe"],
    ]);
  });

  test("a beacon is sent without waiting; JSON needs a preflight", async () => {
    expect(page.beacon(`${url}/log`, "text")).toBe(true);
    expect(page.beacon(`${url}/log`, new Blob(["{}"], { type: "application/json" }))).toBe(true);
    expect(page.beacon(`${url}/log`, "x".repeat(65_537))).toBe(false);
    await browser.idle();
    expect(lines().sort()).toEqual(["OPTIONS /log", "POST /log"]);
  });
});

test("the keepalive requests of a page share 64 KiB", async () => {
  answer = (_, response) => allow(response).end();
  const send = (bytes: number) => page.attempt(url, { method: "POST", body: "x".repeat(bytes), keepalive: true });
  const outcomes = await Promise.all([send(40_000), send(40_000)]);
  expect(outcomes.map((outcome) => (outcome.kind === "response" ? "response" : outcome.problem.code))).toEqual([
    "response",
    "keepalive-body-too-large",
  ]);
  expect((await send(65_536)).kind).toBe("response");
});

describe("elements", () => {
  const png = { "Content-Type": "image/png" };
  const script = { "Content-Type": "text/javascript" };
  const rows: readonly {
    readonly title: string;
    readonly destination: SubresourceKind;
    readonly crossOrigin?: string;
    readonly status?: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly want: "error" | "load";
  }[] = [
    { title: "an image needs no permission", destination: "image", headers: png, want: "load" },
    { title: "with crossorigin it does", destination: "image", crossOrigin: "", headers: png, want: "error" },
    {
      title: "permission given",
      destination: "image",
      crossOrigin: "",
      headers: { ...png, "Access-Control-Allow-Origin": "*" },
      want: "load",
    },
    {
      title: "* is no permission for credentials",
      destination: "image",
      crossOrigin: "use-credentials",
      headers: { ...png, "Access-Control-Allow-Origin": "*" },
      want: "error",
    },
    {
      title: "Cross-Origin-Resource-Policy stops it",
      destination: "image",
      headers: { ...png, "Cross-Origin-Resource-Policy": "same-origin" },
      want: "error",
    },
    {
      title: "same-site lets another port through",
      destination: "image",
      headers: { ...png, "Cross-Origin-Resource-Policy": "same-site" },
      want: "load",
    },
    { title: "a script of any origin runs", destination: "script", headers: script, want: "load" },
    { title: "an error page is no script", destination: "script", status: 404, headers: script, want: "error" },
    { title: "an image is no script", destination: "script", headers: png, want: "error" },
    {
      title: "nosniff wants a JavaScript type",
      destination: "script",
      headers: { "Content-Type": "text/plain", "X-Content-Type-Options": "nosniff" },
      want: "error",
    },
    { title: "a module needs permission", destination: "module", headers: script, want: "error" },
    {
      title: "a module with permission",
      destination: "module",
      headers: { ...script, "Access-Control-Allow-Origin": "*" },
      want: "load",
    },
    {
      title: "a stylesheet of any origin applies",
      destination: "style",
      headers: { "Content-Type": "text/css" },
      want: "load",
    },
    { title: "a font needs permission", destination: "font", headers: { "Content-Type": "font/woff2" }, want: "error" },
  ];

  test.each(rows)("$destination: $title", async ({ destination, crossOrigin, status = 200, headers, want }) => {
    answer = (_, response) => response.writeHead(status, headers).end("x");
    const result = await page.load(`${url}/it`, { destination, ...(crossOrigin === undefined ? {} : { crossOrigin }) });
    expect(result.event).toBe(want);
  });
});

describe("documents", () => {
  test("a sandboxed frame has an opaque origin, unless told otherwise", async () => {
    const frame = page.frame("/frame", { sandbox: ["allow-scripts"] });
    await frame.attempt(url, { method: "POST" });
    expect([frame.origin, api.received[0]?.headers.origin, api.received[0]?.headers["sec-fetch-site"]]).toEqual([
      "null",
      "null",
      "cross-site",
    ]);
    expect(page.frame("/frame", { sandbox: ["allow-same-origin"] }).origin).toBe(home);
    expect(browser.open("data:text/html,x").origin).toBe("null");
  });

  test("visit fetches a document and keeps its cookies and its referrer policy", async () => {
    answer = (_, response) =>
      response.writeHead(200, { "Set-Cookie": "a=1; HttpOnly", "Referrer-Policy": "no-referrer" }).end();
    const visited = await browser.visit(`${url}/start`);
    await visited.fetch("/next");
    expect(api.received.map(({ headers }) => headers["sec-fetch-site"])).toEqual(["none", "same-origin"]);
    expect(api.received[1]?.headers).toMatchObject({ cookie: "a=1" });
    expect(api.received[1]?.headers.referer).toBeUndefined();
    expect(visited.cookie).toBe("");
  });

  test("visit opens documents that need no network", async () => {
    expect((await browser.visit("data:text/html,hello")).origin).toBe("null");
    expect((await browser.visit("about:blank")).url).toBe("about:blank");
  });

  test("mistakes are named", async () => {
    const code = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return error instanceof BrowserError ? error.code : error;
      }
      return null;
    };
    expect(code(() => browser.open("app.example"))).toBe("page-url-invalid");
    expect(code(() => browser.open("data:,x").frame("/x"))).toBe("frame-url-invalid");
    expect(code(() => browser.route("https://api.example/path", () => new Response()))).toBe("route-origin-invalid");
    expect(code(() => new Browser({ profile: "netscape" as "standard" }))).toBe("profile-unknown");
    for (const proxy of ["localhost:8080", "socks5://localhost:1080"]) {
      expect(code(() => new Browser({ connect: { proxy } }))).toBe("proxy-url-invalid");
    }
    for (const timeout of [0, Number.POSITIVE_INFINITY, 2 ** 31]) {
      expect(code(() => new Browser({ connect: { timeout } }))).toBe("timeout-invalid");
    }
    await expect(browser.visit("http://localhost:9/")).rejects.toMatchObject({ code: "navigation-failed" });
  });
});
