import { PassThrough, Readable } from "node:stream";
import { expect, test } from "vitest";
import { exchange, gatewayRequest, RecordingSink } from "../../test/recording-sink.ts";
import type { LimitConfiguration } from "../configuration/gateway-configuration.ts";
import type { Handler, ResponseSink } from "../exchange/response-sink.ts";
import { Admission } from "./admission.ts";
import { withLimits, withUpgradeLimits } from "./limits-stage.ts";

const limits: LimitConfiguration = { headerBytes: 1e4, bodyBytes: 10, requestTime: 10, inFlight: 2, rate: null };

/** Reads the content and says how long it was. */
const echo: Handler = ({ body }, sink) => {
  const answer = (text: string) => {
    sink.start({ status: 200, statusText: "", headers: {} });
    sink.write(Buffer.from(text));
    sink.end(null);
  };
  if (body === null) return answer("none");
  let bytes = 0;
  body.on("data", (chunk: Uint8Array) => {
    bytes += chunk.byteLength;
  });
  body.on("end", () => answer(String(bytes)));
  body.on("error", (error) => sink.fail(error));
};

function content(...lengths: number[]): Readable {
  return Readable.from(lengths.map((length) => Buffer.alloc(length)));
}

const bodies = [
  { title: "none", headers: {}, body: null, want: "none" },
  { title: "as long as allowed, declared", headers: { "content-length": "10" }, body: content(4, 6), want: "10" },
  { title: "as long as allowed, in chunks", headers: {}, body: content(4, 6), want: "10" },
  { title: "empty, in chunks", headers: {}, body: content(), want: "0" },
  { title: "too long, declared", headers: { "content-length": "11" }, body: content(11), want: "request-too-large" },
  { title: "too long, in chunks", headers: {}, body: content(4, 6, 1), want: "request-too-large" },
  { title: "too long, in one chunk", headers: {}, body: content(11), want: "request-too-large" },
];

test.each(bodies)("content: $title", async ({ headers, body, want }) => {
  const admission = new Admission(limits);
  const { error, body: text } = await exchange(withLimits(echo, limits, admission), { method: "POST", headers, body });
  expect(error === null ? text : (error as { code?: string }).code).toBe(want);
  expect(admission.inFlight("request")).toBe(0);
});

test("the length that a request without a socket declares is not believed", async () => {
  const request = { method: "POST", headers: { "content-length": "1" }, body: content(11), clientAddress: null };
  expect((await exchange(withLimits(echo, limits), request)).error).toMatchObject({ code: "request-too-large" });
});

test("content that is too long is not read on, and what was under way is told so", async () => {
  let written = 0;
  const endless = new Readable({
    read() {
      written += 1;
      this.push(Buffer.alloc(4));
    },
  });
  let told: Error | null = null;
  const handler: Handler = ({ body }, sink) => {
    body?.on("error", (error) => {
      told = error;
      sink.fail(error);
    });
    body?.resume();
  };
  const { error } = await exchange(withLimits(handler, limits), { method: "POST", body: endless });
  expect(error).toMatchObject({ code: "request-too-large", status: 413 });
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toMatchObject({ code: "request-too-large" });
  expect(endless.readableFlowing).toBe(false);
  const before = written;
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toBe(before);
});

test("content is not asked for before the handler does", () => {
  const source = content(4);
  withLimits(() => {}, limits)(gatewayRequest({ method: "POST", body: source }), new RecordingSink());
  expect(source.readableFlowing).toBeNull();
});

test("a place is given back when the exchange ends, fails or is left, once", () => {
  const admission = new Admission(limits);
  const sinks: ResponseSink[] = [];
  const handler = withLimits((_, sink) => sinks.push(sink), limits, admission);
  const [first, second, third] = [new RecordingSink(), new RecordingSink(), new RecordingSink()];
  handler(gatewayRequest(), first);
  handler(gatewayRequest(), second);
  handler(gatewayRequest(), third);
  expect(sinks).toHaveLength(2);
  expect(admission.inFlight("request")).toBe(2);
  second.abort();
  expect(admission.inFlight("request")).toBe(1);
  sinks[1]?.fail(new Error("too late"));
  expect(admission.inFlight("request")).toBe(1);
  sinks[0]?.fail(new Error("over"));
  sinks[0]?.fail(new Error("again"));
  first.abort();
  expect(admission.inFlight("request")).toBe(0);
});

test("requests beyond those allowed at a time are sent away with a time to come back", async () => {
  const handler = withLimits(() => {}, { ...limits, inFlight: 1 });
  handler(gatewayRequest(), new RecordingSink());
  const { error } = await exchange(handler);
  expect(error).toMatchObject({ code: "too-busy", status: 503, retryAfter: 1 });
});

test("each client has its own rate; those without an address have none", async () => {
  const rated = { ...limits, rate: { requests: 1, window: 60 } };
  const handler = withLimits(echo, rated, new Admission(rated, () => 0));
  const codeOf = async (clientAddress: string | null) => (await exchange(handler, { clientAddress })).error;
  expect(await codeOf("192.0.2.1")).toBeNull();
  expect(await codeOf("192.0.2.1")).toMatchObject({ code: "too-many-requests", status: 429, retryAfter: 120 });
  expect(await codeOf("::ffff:192.0.2.1")).toMatchObject({ code: "too-many-requests" });
  expect(await codeOf("192.0.2.2")).toBeNull();
  expect(await codeOf("2001:db8::1")).toBeNull();
  expect(await codeOf("2001:db8::2")).toMatchObject({ code: "too-many-requests" });
  expect([await codeOf(null), await codeOf(null)]).toEqual([null, null]);
});

test("an upgraded connection has a place until it closes", async () => {
  const admission = new Admission({ ...limits, inFlight: 1 });
  let upgraded = 0;
  const upgrade = withUpgradeLimits(() => {
    upgraded += 1;
  }, admission);
  const [first, second] = [new PassThrough(), new PassThrough()];
  upgrade(gatewayRequest(), first, Buffer.alloc(0));
  upgrade(gatewayRequest(), second, Buffer.alloc(0));
  expect(upgraded).toBe(1);
  // Requests have places of their own.
  expect(admission.enter("request", gatewayRequest())).toBeNull();
  expect(String(second.read())).toMatch(/^HTTP\/1\.1 503 .*retry-after: 1\r\n/s);
  first.destroy();
  await new Promise((resolve) => setImmediate(resolve));
  expect(admission.inFlight("upgrade")).toBe(0);
  upgrade(gatewayRequest(), first, Buffer.alloc(0));
  expect(admission.inFlight("upgrade")).toBe(0);
});
