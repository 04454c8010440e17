import { afterEach, expect, test, vi } from "vitest";
import { cors, crossOriginProtection } from "./web.ts";

const wrap = cors({ origins: ["https://app.example"] });
const request = () => new Request("https://api.example/", { headers: { origin: "https://app.example" } });

afterEach(() => {
  vi.restoreAllMocks();
});

test("what comes after the request is passed on", async () => {
  const handler = wrap((_: Request, env: { name: string }, count: number) => new Response(env.name.repeat(count)));
  expect(await (await handler(request(), { name: "a" }, 2)).text()).toBe("aa");
});

test("a connection that was handed over to a WebSocket has no response", async () => {
  const handler = wrap((_: Request): undefined => undefined);
  const protectedHandler = wrap(crossOriginProtection()((_: Request): undefined => undefined));
  expect([await handler(request()), await protectedHandler(request())]).toEqual([undefined, undefined]);
});

test("what a handler throws is logged once and not told", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const thrown = new Error("secret");
  const response = await wrap(() => {
    throw thrown;
  })(request());
  expect([response.status, await response.text()]).toEqual([500, "Internal Server Error"]);
  expect(log.mock.calls).toEqual([[thrown]]);
});

test("two policies decide about one request as one, also when a copy of it goes on", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const inner = cors({ origins: "*" })(() => new Response("text"));
  const response = await wrap((given) => inner(given))(request());
  expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example");
  const copied = await wrap((given) => inner(new Request(given)))(request());
  expect(copied.headers.get("access-control-allow-origin")).toBe("https://app.example");
  expect(warn).toHaveBeenCalledOnce();
});
