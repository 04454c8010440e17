import { afterEach, expect, test, vi } from "vitest";
import { cors } from "./next.ts";

const policy = { origins: ["https://app.example"], methods: ["PUT"] };
const headers = { origin: "https://app.example" };
const request = (method = "GET") => new Request("https://api.example/books/1", { method, headers });

afterEach(() => {
  vi.restoreAllMocks();
});

/** An error as `redirect()`, `notFound()` and others throw it. */
const steering = (digest: string) => Object.assign(new Error(digest), { digest });

test.each<[title: string, digest: string, status: number, location: string | null]>([
  ["redirect()", "NEXT_REDIRECT;replace;/books?a=1;b=2;307;", 307, "/books?a=1;b=2"],
  ["permanentRedirect()", "NEXT_REDIRECT;push;https://other.example/;308;", 308, "https://other.example/"],
  ["notFound()", "NEXT_HTTP_ERROR_FALLBACK;404", 404, null],
  ["forbidden()", "NEXT_HTTP_ERROR_FALLBACK;403", 403, null],
])("%s makes a response with the headers of the policy", async (_, digest, status, location) => {
  const { GET } = cors(policy).routes({
    GET: () => {
      throw steering(digest);
    },
  });
  const response = await GET(request());
  expect([response.status, response.headers.get("location")]).toEqual([status, location]);
  expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example");
});

test("other errors that steer Next.js reach it", async () => {
  const error = steering("DYNAMIC_SERVER_USAGE");
  const handler = cors(policy)(() => Promise.reject(error));
  await expect(handler(request())).rejects.toBe(error);
});

test("a route has a handler for OPTIONS, which tells the methods there are", async () => {
  const { GET, OPTIONS } = cors(policy).routes({ PUT: () => new Response("put"), GET: () => new Response("get") });
  expect(await (await GET(request())).text()).toBe("get");
  const answer = await OPTIONS(request("OPTIONS"));
  expect([answer.status, answer.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS, PUT"]);
  const preflight = new Request(request("OPTIONS"), {
    headers: { ...headers, "access-control-request-method": "PUT" },
  });
  expect((await OPTIONS(preflight)).headers.get("access-control-allow-methods")).toBe("PUT");
});

test("a route keeps its own handler for OPTIONS", async () => {
  const { OPTIONS } = cors(policy).routes({ OPTIONS: () => new Response("own") });
  expect(await (await OPTIONS(request("OPTIONS"))).text()).toBe("own");
});

test("a proxy lets Next.js go on, with headers to add", async () => {
  const proxy = cors(policy)(() => new Response(null, { headers: { "x-middleware-next": "1" } }));
  const response = await proxy(request());
  expect(Object.fromEntries(response.headers)).toEqual({
    "x-middleware-next": "1",
    "access-control-allow-origin": "https://app.example",
    vary: "Origin",
  });
});
