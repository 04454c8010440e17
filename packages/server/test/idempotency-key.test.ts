import { request as sendRequest } from "node:http";
import { connect } from "node:http2";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createMemoryStore, type IdempotencyKeyOptions } from "../src/idempotency/index.ts";
import type { RunningServer } from "./application.ts";
import { createOrderApplication, largeLength, type OrderApplication } from "./order-application.ts";
import { orderHarnesses } from "./order-harnesses.ts";
import { type RawAnswer, sendRaw } from "./send-raw.ts";

const key = '"8e03978e-40d5-43dd-bc93-6894a57f9324"';
const problemOf = ({ status, body, headers }: RawAnswer) => [
  status,
  headers["content-type"],
  JSON.parse(body).type.replace("urn:corsac:problem:", ""),
];

describe.each(orderHarnesses)("$name", (harness) => {
  const running: RunningServer[] = [];
  const { http2 = false } = harness;
  let application: OrderApplication;

  beforeAll(() => {
    vi.spyOn(console, "error").mockImplementation(() => {});
  });
  afterAll(() => Promise.all(running.map((server) => server.close())));

  async function start(options: IdempotencyKeyOptions<unknown> = {}) {
    application = createOrderApplication();
    const server = await harness.start(application, options);
    running.push(server);
    return (
      path: string,
      headers: Readonly<Record<string, string>> = { "idempotency-key": key },
      body = "Dune",
      method = "POST",
    ) => sendRaw(server, { method, path, headers: { "content-type": "text/plain", ...headers }, body }, { http2 });
  }

  test("a retry is given the first response again, which is marked", async () => {
    const send = await start();
    const first = await send("/orders?x=1");
    const again = await send("/orders?x=1");
    expect([first.status, JSON.parse(first.body)]).toEqual([201, { number: 1, body: "Dune", attempt: 1 }]);
    expect(again.body).toBe(first.body);
    expect(again.status).toBe(201);
    expect([first.headers["idempotency-replayed"], again.headers["idempotency-replayed"]]).toEqual([undefined, "true"]);
    for (const name of ["content-type", "location"]) expect(again.headers[name]).toBe(first.headers[name]);
    expect(application.executions()).toBe(1);
  });

  test("what is of one exchange or of one origin is not kept", async () => {
    const send = await start();
    const first = await send("/orders");
    const again = await send("/orders");
    expect(first.headers["set-cookie"]).toBe("session=secret");
    expect(again.headers["set-cookie"]).toBeUndefined();
    expect(again.headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("without a key, every request is carried out; where it is required, none is", async () => {
    const send = await start();
    for (const number of [1, 2]) expect(JSON.parse((await send("/orders", {})).body)).toMatchObject({ number });
    const strict = await start({ required: true });
    expect(problemOf(await strict("/orders", {}))).toEqual([
      400,
      "application/problem+json",
      "idempotency-key-missing",
    ]);
    expect((await strict("/orders", {}, "Dune", "PUT")).status).toBe(201);
    expect(application.executions()).toBe(1);
  });

  test.each(["uuid", '""', '"a', '"a", "b"', `"${"x".repeat(256)}"`])("a malformed key: %s", async (malformed) => {
    const send = await start();
    const answer = await send("/orders", { "idempotency-key": malformed });
    expect(problemOf(answer)).toEqual([400, "application/problem+json", "idempotency-key-malformed"]);
    expect(application.executions()).toBe(0);
  });

  test("the same key with another payload, target or method", async () => {
    const send = await start();
    await send("/orders");
    const headers = { "idempotency-key": key };
    const reused = [422, "application/problem+json", "idempotency-key-reused"];
    expect(problemOf(await send("/orders", headers, "Emma"))).toEqual(reused);
    expect(problemOf(await send("/orders?x=1"))).toEqual(reused);
    expect(problemOf(await send("/orders", headers, "Dune", "PATCH"))).toEqual(reused);
    expect(application.executions()).toBe(1);
  });

  test("keys are their caller's", async () => {
    const send = await start();
    const callers = [
      {},
      { authorization: "Bearer a" },
      { authorization: "Bearer b" },
      { cookie: "session=a" },
      { cookie: "session=b" },
    ];
    for (const caller of [...callers, ...callers]) await send("/orders", { "idempotency-key": key, ...caller });
    expect(application.executions()).toBe(callers.length);
  });

  test("who the caller is, the application can say", async () => {
    const send = await start({ scope: () => Promise.resolve("the one account") });
    await send("/orders", { "idempotency-key": key, authorization: "Bearer a" });
    const again = await send("/orders", { "idempotency-key": key, authorization: "Bearer renewed" });
    expect(again.headers["idempotency-replayed"]).toBe("true");
  });

  test("of 50 at the same time one is carried out; the others wait or are given its response", async () => {
    const send = await start();
    let letGo = () => {};
    application.onExecution = () =>
      new Promise<void>((resolve) => {
        letGo = resolve;
      });
    const sent = Array.from({ length: 50 }, () => send("/orders"));
    // All others are answered while the first is being carried out.
    const early = await Promise.all(sent.map((one) => Promise.race([one, slow()])));
    const waiting = early.filter((answer) => answer !== null);
    expect(waiting.length).toBeGreaterThan(0);
    for (const answer of waiting) {
      expect(problemOf(answer)).toEqual([409, "application/problem+json", "idempotency-key-in-use"]);
      expect(answer.headers["retry-after"]).toBe("1");
    }
    letGo();
    const answers = await Promise.all(sent);
    expect(answers.filter(({ status }) => status === 201)).not.toHaveLength(0);
    expect((await send("/orders")).headers["idempotency-replayed"]).toBe("true");
    expect(application.executions()).toBe(1);

    function slow(): Promise<null> {
      return new Promise((resolve) => setTimeout(() => resolve(null), 300));
    }
  });

  test.each(["/fails", "/busy"])("after a failure of the server, a retry is carried out: %s", async (path) => {
    const send = await start();
    expect((await send(path)).status).toBeGreaterThanOrEqual(500);
    const again = await send(path);
    expect([again.status, again.body, again.headers["idempotency-replayed"]]).toEqual([201, "second try", undefined]);
  });

  test("a refusal by the application is its answer", async () => {
    const send = await start();
    const first = await send("/invalid");
    const again = await send("/invalid");
    expect([again.status, again.body, again.headers["content-type"]]).toEqual([
      422,
      '{"title":"no"}',
      first.headers["content-type"],
    ]);
    expect(application.executions()).toBe(1);
  });

  test("a response without a body", async () => {
    const send = await start();
    await send("/empty");
    const again = await send("/empty");
    expect([again.status, again.body, again.headers["x-number"]]).toEqual([204, "", "1"]);
  });

  test.each([undefined, null, {}])(
    "a scope that names no caller (%s) serves nobody: all would be one",
    async (caller) => {
      const send = await start({ scope: () => caller as unknown as string, onError() {} });
      expect((await send("/orders")).status).toBe(500);
      expect(application.executions()).toBe(0);
    },
  );

  test("a response that is sent piece by piece", async () => {
    const send = await start();
    const first = await send("/pieces");
    const again = await send("/pieces");
    expect([first.body, again.body]).toEqual(["one, two, € three", "one, two, € three"]);
    expect([again.headers["content-type"], application.executions()]).toEqual([first.headers["content-type"], 1]);
  });

  test("a response that is too long goes out, and is not carried out again", async () => {
    const send = await start({ maxResponseBytes: largeLength - 1 });
    expect((await send("/large")).body).toHaveLength(largeLength);
    const again = await send("/large");
    expect(problemOf(again)).toEqual([409, "application/problem+json", "response-not-kept"]);
    expect(JSON.parse(again.body).originalStatus).toBe(200);
    expect(again.headers.location).toBe("/orders/7");
    expect(application.executions()).toBe(1);
  });

  test("a request that is too long is not carried out", async () => {
    const send = await start({ maxRequestBytes: 10 });
    expect(problemOf(await send("/orders", { "idempotency-key": key }, "x".repeat(11)))).toEqual([
      413,
      "application/problem+json",
      "content-too-large",
    ]);
    expect((await send("/orders", { "idempotency-key": key }, "x".repeat(10))).status).toBe(201);
    expect(application.executions()).toBe(1);
  });

  test("a large body reaches the application as it was sent", async () => {
    const send = await start();
    const body = "0123456789abcdef".repeat(6_000);
    const headers = { "idempotency-key": key, "content-length": `${body.length}` };
    expect(JSON.parse((await send("/orders", headers, body)).body).body).toBe(body);
  });

  test("a request without a body", async () => {
    const send = await start();
    expect(
      JSON.parse((await send("/orders", { "idempotency-key": key, "content-length": "0" }, "")).body),
    ).toMatchObject({
      body: "",
    });
    expect((await send("/orders", { "idempotency-key": key, "content-length": "0" }, "")).status).toBe(201);
    expect(application.executions()).toBe(1);
  });

  test("when the store fails at first, nothing is done; when it fails at last, the response goes out", async () => {
    const errors: unknown[] = [];
    const store = createMemoryStore();
    const fail = () => Promise.reject(new Error("the store is down"));
    const onError = (error: unknown) => errors.push(error);
    const send = await start({ store: { ...store, begin: fail }, onError });
    expect(problemOf(await send("/orders"))).toEqual([
      503,
      "application/problem+json",
      "idempotency-store-unavailable",
    ]);
    expect(application.executions()).toBe(0);
    const late = await start({ store: { ...store, complete: fail }, onError });
    expect((await late("/orders")).status).toBe(201);
    expect(errors).toHaveLength(2);
  });

  test("a lease that is about to run out is renewed", async () => {
    const send = await start({ lease: 0.06 });
    application.onExecution = () => new Promise((resolve) => setTimeout(resolve, 400));
    const first = send("/orders");
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect((await send("/orders")).status).toBe(409);
    expect((await first).status).toBe(201);
    expect(application.executions()).toBe(1);
  });

  test("a client that has gone away in the middle is given the whole response when it asks again", async () => {
    const send = await start();
    const server = running.at(-1) as RunningServer;
    let noteStart = () => {};
    const started = new Promise<void>((resolve) => {
      noteStart = resolve;
    });
    application.onExecution = () => {
      noteStart();
      return new Promise((resolve) => setTimeout(resolve, 50));
    };
    const headers = { "idempotency-key": key, "content-type": "text/plain" };
    if (http2) {
      const session = connect(server.url).on("error", () => {});
      const stream = session.request({ ":method": "POST", ":path": "/orders", ...headers });
      stream.on("error", () => {}).end("Dune");
      await started;
      session.destroy();
    } else {
      const leaving = sendRequest(`${server.url}/orders`, { method: "POST", headers });
      leaving.on("error", () => {}).end("Dune");
      await started;
      leaving.destroy();
    }
    let again = await send("/orders");
    for (; again.status === 409; again = await send("/orders")) await new Promise((resolve) => setTimeout(resolve, 20));
    expect([again.status, again.headers["idempotency-replayed"]]).toEqual([201, "true"]);
    expect(JSON.parse(again.body)).toEqual({ number: 1, body: "Dune", attempt: 1 });
    expect(application.executions()).toBe(1);
  });
});
