import { definePolicy } from "@corsac/server";
import { createCrossOriginProtection } from "@corsac/server/cross-origin-protection";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";
import type { Handler, ResponseHead, ResponseSink } from "../exchange/response-sink.ts";
import { withPolicy } from "./policy-stage.ts";

const app = "https://app.test";
const policy = definePolicy({ origins: [app], credentials: true, methods: ["PUT"], exposedHeaders: ["ETag"] });
const rules = { policy, protection: createCrossOriginProtection({ policy }), forwardOrigin: false };

/** Answers as an upstream does that has CORS headers of its own, and tells which request headers it got. */
function upstream(seen: HeaderFields[], answer: HeaderFields = {}): Handler {
  return (request, sink) => {
    seen.push({ ...request.headers });
    sink.start({ status: 200, statusText: "OK", headers: { ...answer } });
    sink.end(null);
  };
}

function ask(handler: Handler, method: string, headers: HeaderFields): Promise<ResponseHead | Error> {
  return new Promise((resolve) => {
    const request: GatewayRequest = {
      method,
      headers: { host: "gateway.test", ...headers },
      target: "/",
      authority: "gateway.test",
      scheme: "https",
      httpVersion: "1.1",
      body: null,
      clientAddress: null,
    };
    const sink: ResponseSink = {
      inform() {},
      start: resolve,
      write: () => true,
      end() {},
      fail: resolve,
      onDrain() {},
      onAbort() {},
    };
    handler(request, sink);
  });
}

const allowed = {
  "access-control-allow-origin": app,
  "access-control-allow-credentials": "true",
  "access-control-expose-headers": "ETag",
  vary: "Origin",
};

describe("the policy's word stands in the place of the upstream's", () => {
  test.each<{ title: string; origin?: string; answer?: HeaderFields; want: HeaderFields }>([
    { title: "allowed", origin: app, want: allowed },
    { title: "not named", origin: "https://evil.test", want: { vary: "Origin" } },
    { title: "no CORS request", want: { vary: "Origin" } },
    {
      title: "an upstream that allows everybody",
      origin: "https://evil.test",
      answer: { "access-control-allow-origin": "*", "access-control-allow-credentials": "true", vary: "Accept" },
      want: { vary: "Accept, Origin" },
    },
    {
      title: "an upstream that says all there is to say",
      origin: app,
      answer: {
        "access-control-allow-origin": ["*", "null"],
        "access-control-allow-methods": "GET",
        "access-control-allow-headers": "*",
        "access-control-max-age": "1",
        "access-control-expose-headers": "*",
        "access-control-allow-private-network": "true",
        vary: ["origin", "Accept"],
      },
      want: { ...allowed, vary: "origin, Accept" },
    },
  ])("$title", async ({ origin, answer, want }) => {
    const handler = withPolicy(upstream([], answer), rules);
    const { headers } = (await ask(handler, "GET", origin === undefined ? {} : { origin })) as ResponseHead;
    expect(headers).toEqual(want);
  });
});

test("a preflight is answered without the upstream, another OPTIONS is not", async () => {
  const seen: HeaderFields[] = [];
  const handler = withPolicy(upstream(seen), rules);
  const preflight = { origin: app, "access-control-request-method": "PUT" };
  expect(await ask(handler, "OPTIONS", preflight)).toMatchObject({
    status: 204,
    headers: { "access-control-allow-methods": "PUT" },
  });
  expect(await ask(handler, "OPTIONS", { ...preflight, "access-control-request-method": "DELETE" })).toMatchObject({
    status: 403,
  });
  expect(seen).toEqual([]);
  await ask(handler, "OPTIONS", { origin: app });
  expect(seen).toHaveLength(1);
});

describe("the upstream learns the origin only where nobody has judged it", () => {
  const open = definePolicy({ origins: "*", methods: ["PUT"] });
  test.each([
    { title: "safe request", method: "GET", rules, want: { "sec-fetch-site": "cross-site" } },
    { title: "unsafe request that protection let through", method: "PUT", rules, want: {} },
    {
      title: "forwardOrigin",
      method: "PUT",
      rules: { ...rules, forwardOrigin: true },
      want: { origin: app, "sec-fetch-site": "cross-site" },
    },
    {
      title: "safe request under *",
      method: "GET",
      rules: { policy: open, protection: null, forwardOrigin: false },
      want: { "sec-fetch-site": "cross-site" },
    },
    {
      title: "unsafe request under *, which names nobody",
      method: "PUT",
      rules: { policy: open, protection: null, forwardOrigin: false },
      want: { origin: app, "sec-fetch-site": "cross-site" },
    },
  ])("$title", async ({ method, rules: given, want }) => {
    const seen: HeaderFields[] = [];
    await ask(withPolicy(upstream(seen), given), method, { origin: app, "sec-fetch-site": "cross-site" });
    const { host: _, ...rest } = seen[0] as HeaderFields;
    expect(rest).toEqual(want);
  });
});

test("a forged request does not reach the upstream", async () => {
  const seen: HeaderFields[] = [];
  const handler = withPolicy(upstream(seen), rules);
  const head = await ask(handler, "POST", { origin: "https://evil.test", "sec-fetch-site": "cross-site" });
  expect(head).toMatchObject({ status: 403, headers: { "content-type": "application/problem+json", vary: "Origin" } });
  expect(seen).toEqual([]);
});

test("a refused preflight has an end that no connection is needed for", async () => {
  const asked = { origin: "https://evil.test", "access-control-request-method": "PUT" };
  const head = await ask(withPolicy(upstream([]), rules), "OPTIONS", asked);
  expect(head).toMatchObject({ status: 403, headers: { "content-length": "0", vary: "Origin" } });
});

test("what fails once an origin is looked up ends the exchange, not the process", async () => {
  const fault = new Error("fault");
  const failing: Handler = () => {
    throw fault;
  };
  const resolved = { ...rules, policy: definePolicy({ origins: async () => true }), protection: null };
  expect(await ask(withPolicy(failing, resolved), "GET", { origin: app })).toBe(fault);
});

test("the gateway's own failures carry the headers of the policy", async () => {
  const failing: Handler = (_request, sink) => sink.fail(new GatewayError("upstream-unreachable", "It is down."));
  expect(await ask(withPolicy(failing, rules), "GET", { origin: app })).toMatchObject({
    status: 502,
    headers: { "access-control-allow-origin": app, "content-type": "application/problem+json", vary: "Origin" },
  });
});

test("without a policy CORS is the upstream's", async () => {
  const handler = withPolicy(upstream([], { "access-control-allow-origin": "*" }), {
    policy: null,
    protection: createCrossOriginProtection(),
    forwardOrigin: false,
  });
  expect(await ask(handler, "GET", { origin: app })).toMatchObject({ headers: { "access-control-allow-origin": "*" } });
});
