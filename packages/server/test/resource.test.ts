import { request as sendRequest } from "node:http";
import { connect } from "node:http2";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { RunningServer } from "./application.ts";
import { createResources } from "./resource-application.ts";
import { resourceHarnesses } from "./resource-harnesses.ts";
import { type RawRequest, sendRaw } from "./send-raw.ts";

const lastModified = "Sun, 22 Nov 2026 12:00:00 GMT";
const state = { etag: '"v1"', "last-modified": lastModified, "cache-control": "private, no-cache" };
const allow = { allow: "GET, HEAD, PUT, DELETE, PATCH, OPTIONS" };
const problem = { "content-type": "application/problem+json", "cache-control": "no-store" };

interface Row {
  readonly title: string;
  readonly request: RawRequest;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of problems the end of their type. */
  readonly body?: string;
}

const conditional = (method: string, headers: Readonly<Record<string, string>>, path = "/book"): RawRequest => ({
  method,
  path,
  headers,
});

/** None of these changes anything. */
const rows: readonly Row[] = [
  {
    title: "GET is given the validators and the headers that go with them",
    request: { path: "/book" },
    status: 200,
    headers: { ...state, "content-type": "text/plain", "content-length": "6" },
    body: "Dune 1",
  },
  {
    title: "OPTIONS tells what there is",
    request: { method: "OPTIONS", path: "/book" },
    status: 204,
    headers: { ...allow, "accept-patch": "application/merge-patch+json" },
  },
  {
    title: "a method of the registry that is not there: 405 with Allow",
    request: { method: "POST", path: "/book" },
    status: 405,
    headers: { ...problem, ...allow },
    body: "method-not-allowed",
  },
  {
    title: "If-None-Match with the current tag: 304 with all that caches need",
    request: conditional("GET", { "if-none-match": '"v0", W/"v1"' }),
    status: 304,
    headers: state,
  },
  {
    title: "the same for HEAD",
    request: conditional("HEAD", { "if-none-match": '"v1"' }),
    status: 304,
    headers: state,
  },
  { title: "If-None-Match with another tag", request: conditional("GET", { "if-none-match": '"v0"' }), status: 200 },
  { title: "If-None-Match: * of what is there", request: conditional("GET", { "if-none-match": "*" }), status: 304 },
  {
    title: "If-None-Match: * keeps PUT from replacing",
    request: conditional("PUT", { "if-none-match": "*" }),
    status: 412,
    headers: { ...problem, etag: '"v1"' },
    body: "precondition-failed",
  },
  {
    title: "If-Modified-Since the last change",
    request: conditional("GET", { "if-modified-since": lastModified }),
    status: 304,
  },
  {
    title: "If-None-Match goes before If-Modified-Since",
    request: conditional("GET", { "if-none-match": '"v0"', "if-modified-since": lastModified }),
    status: 200,
  },
  {
    title: "If-Modified-Since before the last change",
    request: conditional("GET", { "if-modified-since": "Sun, 22 Nov 2026 11:59:59 GMT" }),
    status: 200,
  },
  {
    title: "If-Match with another tag",
    request: conditional("PUT", { "if-match": '"v0"' }),
    status: 412,
    headers: { ...problem, etag: '"v1"' },
    body: "precondition-failed",
  },
  {
    title: "If-Match compares strongly",
    request: conditional("PUT", { "if-match": 'W/"v1"' }),
    status: 412,
    body: "precondition-failed",
  },
  {
    title: "a malformed If-Match never matches",
    request: conditional("PUT", { "if-match": "v1" }),
    status: 412,
    body: "precondition-failed",
  },
  {
    title: "If-Unmodified-Since before the last change",
    request: conditional("DELETE", { "if-unmodified-since": "Sat, 21 Nov 2026 12:00:00 GMT" }),
    status: 412,
    body: "precondition-failed",
  },
  {
    title: "a handler finds that the resource has changed",
    request: conditional("PATCH", { "if-match": '"v1"' }),
    status: 412,
    body: "precondition-failed",
  },
  {
    title: "an unconditional request where a conditional one is required",
    request: { method: "PUT", path: "/strict" },
    status: 428,
    headers: problem,
    body: "precondition-required",
  },
  {
    title: "If-Unmodified-Since without a date is no condition",
    request: conditional("DELETE", { "if-unmodified-since": "yesterday" }, "/strict"),
    status: 428,
    body: "precondition-required",
  },
  {
    title: "a handler's own ETag makes GET conditional",
    request: conditional("GET", { "if-none-match": 'W/"plain"' }, "/plain"),
    status: 304,
    headers: { etag: 'W/"plain"', "cache-control": "private, no-cache" },
  },
  {
    title: "what a handler throws is the framework's to answer",
    request: conditional("POST", {}, "/plain"),
    status: 500,
  },
  { title: "what it throws later, too", request: conditional("PUT", {}, "/plain"), status: 500 },
  { title: "an unsafe method may write", request: conditional("POST", {}, "/careless"), status: 200, body: "written" },
];

const ofInterest = /^(?:allow|accept-.*|etag|last-modified|cache-control|content-type|content-length)$/;

function relevant(headers: Readonly<Record<string, string>>, { exceptLength = true } = {}): Record<string, string> {
  const found = Object.entries(headers).filter(([name]) => ofInterest.test(name));
  // Frameworks differ in the type they give to text.
  const plain = found.map(([name, value]): [string, string] => [name, value.replace(/; charset=utf-8$/, "")]);
  return Object.fromEntries(exceptLength ? plain.filter(([name]) => name !== "content-length") : plain);
}

describe.each(resourceHarnesses)("$name", (harness) => {
  const running: RunningServer[] = [];
  const start = async () => {
    const server = await harness.start(createResources());
    running.push(server);
    return server;
  };
  const http2 = harness.http2 === true;
  let shared: RunningServer;
  beforeAll(async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    shared = await start();
  });
  afterAll(() => Promise.all(running.map((server) => server.close())));

  test.each(rows)("$title", async ({ request, status, headers, body }) => {
    const answer = await sendRaw(shared, request, { http2 });
    expect(answer.status).toBe(status);
    if (headers !== undefined) {
      const { "content-length": length, ...wanted } = headers;
      expect(relevant(answer.headers)).toEqual(wanted);
      if (length !== undefined && !http2) expect(answer.headers["content-length"]).toBe(length);
    }
    const isProblem = headers?.["content-type"] === problem["content-type"];
    if (status >= 400 && body !== undefined) {
      expect(JSON.parse(answer.body)).toMatchObject({ type: `urn:corsac:problem:${body}`, status });
    } else if (body !== undefined || status === 304 || status === 204) expect(answer.body).toBe(body ?? "");
    else expect(isProblem).toBe(false);
  });

  test.each(["/book", "/plain"])("HEAD of %s has the headers of GET, and no body", async (path) => {
    const get = await sendRaw(shared, { path }, { http2 });
    const head = await sendRaw(shared, { method: "HEAD", path }, { http2 });
    expect([head.status, head.body]).toEqual([200, ""]);
    const { "content-length": length, ...rest } = relevant(get.headers, { exceptLength: false });
    const { "content-length": headLength, ...headRest } = relevant(head.headers, { exceptLength: false });
    expect(headRest).toEqual(rest);
    // Where GET is chunked, or HTTP/2 frames it, HEAD may tell the length and has to tell the true one.
    if (length !== undefined) expect(headLength).toBe(length);
    expect(headLength ?? String(get.body.length)).toBe(String(get.body.length));
  });

  test("a method that the registry does not have", async () => {
    const answer = await sendRaw(shared, { method: "PURGE", path: "/book" }, { http2 });
    expect(answer.status).toBe(harness.unknownMethod);
    if (answer.status === 501) expect(relevant(answer.headers)).toEqual({ ...problem, ...allow });
  });

  test.skipIf(harness.query === null)("QUERY is routed, and OPTIONS tells its media types", async () => {
    // Node's parser of HTTP/1.1 knows QUERY from version 22.2 on.
    if (http2) expect((await sendRaw(shared, { method: "QUERY", path: "/query" }, { http2 })).body).toBe("found");
    const options = await sendRaw(shared, { method: "OPTIONS", path: "/query" }, { http2 });
    expect(relevant(options.headers)).toEqual({
      allow: "QUERY, OPTIONS",
      "accept-query": 'application/sql, "text/plain; charset=utf-8"',
    });
  });

  test("a write while a safe request is served is caught, and the route is named", async () => {
    const { status, body } = await sendRaw(shared, { path: "/careless" }, { http2 });
    expect(status).toBe(500);
    expect(body).toContain("SafeMethodError: GET /careless is about to write (UPDATE views).");
    expect((await sendRaw(shared, { method: "HEAD", path: "/careless" }, { http2 })).status).toBe(500);
  });

  test("no update is lost: of ten that are meant for the same state, one is carried out", async () => {
    const server = await start();
    const put = conditional("PUT", { "if-match": '"v1"' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => sendRaw(server, put, { http2 })));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array.from({ length: 9 }, () => 412)]);
    expect((await sendRaw(server, { path: "/book" }, { http2 })).headers.etag).toBe('"v2"');
  });

  test("what is removed is gone for conditions too, and can be created once", async () => {
    const server = await start();
    const statuses = [];
    for (const request of [
      conditional("DELETE", { "if-match": '"v1"' }),
      conditional("DELETE", { "if-match": "*" }),
      { path: "/book" },
      conditional("PUT", { "if-none-match": "*" }),
      conditional("PUT", { "if-none-match": "*" }),
    ]) {
      statuses.push((await sendRaw(server, request, { http2 })).status);
    }
    expect(statuses).toEqual([204, 412, 404, 201, 412]);
  });

  test("a client that goes away in the middle keeps nobody waiting", async () => {
    let noteStart = () => {};
    const started = new Promise<void>((resolve) => {
      noteStart = resolve;
    });
    const handlers = {
      async PUT() {
        noteStart();
        await sleep(50);
        return { status: 204 };
      },
    };
    const server = await harness.start({ "/book": { handlers, options: { validators: () => null } } });
    running.push(server);
    if (http2) {
      const session = connect(server.url);
      session
        .request({ ":method": "PUT", ":path": "/book" })
        .on("error", () => {})
        .end();
      await started;
      session.destroy();
    } else {
      const leaving = sendRequest(`${server.url}/book`, { method: "PUT" })
        .on("error", () => {})
        .end();
      await started;
      leaving.destroy();
    }
    expect((await sendRaw(server, { method: "PUT", path: "/book" }, { http2 })).status).toBe(204);
  });
});
