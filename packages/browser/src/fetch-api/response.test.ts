import { originOf, standard } from "@corsac/protocol";
import { describe, expect, test } from "vitest";
import { fetchApiFor } from "./fetch-api-for.ts";

const baseUrl = new URL("https://app.example/page/");
const { Response, createNetworkResponse } = fetchApiFor({ baseUrl, origin: originOf(baseUrl), profile: standard });

describe("new Response", () => {
  const rows: { title: string; body?: string | null; init?: object; want: object | "RangeError" | "TypeError" }[] = [
    { title: "defaults", want: { status: 200, statusText: "", ok: true, type: "default", url: "", redirected: false } },
    {
      title: "status and text as given",
      init: { status: 404, statusText: "Not here" },
      want: { status: 404, statusText: "Not here", ok: false },
    },
    { title: "a status is taken modulo 65536", init: { status: 65_736.9 }, want: { status: 200 } },
    { title: "status 199", init: { status: 199 }, want: "RangeError" },
    { title: "status 600", init: { status: 600 }, want: "RangeError" },
    { title: "status NaN", init: { status: "x" }, want: "RangeError" },
    { title: "a status text with a line break", init: { statusText: "\n" }, want: "TypeError" },
    { title: "a status text that is no byte string", init: { statusText: "\u0100" }, want: "TypeError" },
    { title: "204 without a body", init: { status: 204 }, want: { status: 204, body: null } },
    { title: "204 with a body", body: "", init: { status: 204 }, want: "TypeError" },
    { title: "304 with a body", body: "x", init: { status: 304 }, want: "TypeError" },
    { title: "an init that is no object", init: 1 as unknown as object, want: "TypeError" },
  ];
  test.each(rows)("$title", ({ body = null, init, want }) => {
    const make = () => new Response(body, init);
    if (want === "TypeError") expect(make).toThrow(TypeError);
    else if (want === "RangeError") expect(make).toThrow(RangeError);
    else expect(make()).toMatchObject(want);
  });

  test("Set-Cookie cannot be set, other headers can later", () => {
    const response = new Response(null, { headers: { "Set-Cookie": "a=1", a: "1" } });
    response.headers.set("b", "2");
    expect([...response.headers]).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
  });
});

describe("static methods", () => {
  test("error is a network error with immutable headers", () => {
    const response = Response.error();
    expect(response).toMatchObject({ type: "error", status: 0, statusText: "", ok: false, body: null });
    expect(() => response.headers.set("a", "1")).toThrow(TypeError);
    expect(response).toBeInstanceOf(Response);
  });

  test("json serializes and says so", async () => {
    const response = Response.json({ a: 1 }, { status: 201 });
    expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
      201,
      "application/json",
      '{"a":1}',
    ]);
    const typed = Response.json(1, { headers: { "content-type": "application/problem+json" } });
    expect(typed.headers.get("content-type")).toBe("application/problem+json");
    expect(() => Response.json(undefined)).toThrow(TypeError);
    expect(() => Response.json(1, { status: 204 })).toThrow(TypeError);
  });

  test("redirect resolves its URL against the page", () => {
    const response = Response.redirect("books#x");
    expect([response.status, response.headers.get("location")]).toEqual([302, "https://app.example/page/books#x"]);
    expect(() => response.headers.set("a", "1")).toThrow(TypeError);
    expect(() => Response.redirect("https://")).toThrow(TypeError);
    expect(() => Response.redirect("/", 200)).toThrow(RangeError);
  });

  test("they need no receiver", () => {
    const { error, json, redirect } = Response;
    expect([error().status, json(1).status, redirect("/").status]).toEqual([0, 200, 302]);
  });
});

describe("a response from the network", () => {
  const init = {
    redirected: false,
    status: 200,
    statusText: "",
    headers: [],
    headersGuard: "immutable",
    body: null,
  } as const;

  test("has a URL without fragment and belongs to the page's class", () => {
    const response = createNetworkResponse({ ...init, type: "cors", url: "https://api.example/#x", redirected: true });
    expect(response).toMatchObject({ type: "cors", url: "https://api.example/", redirected: true, ok: true });
    expect(response).toBeInstanceOf(Response);
    expect(response.clone()).toMatchObject({ type: "cors", url: "https://api.example/", redirected: true, ok: true });
    expect(String(response)).toBe("[object Response]");
  });

  test("is opaque if it came so", async () => {
    const response = createNetworkResponse({ ...init, type: "opaque", url: "", status: 0 });
    expect(response).toMatchObject({ type: "opaque", url: "", status: 0, ok: false, body: null });
    expect([await response.text(), [...response.headers]]).toEqual(["", []]);
  });
});

test("code written for the global classes takes ours", () => {
  const status = (response: globalThis.Response) => response.status;
  const name = (headers: globalThis.Headers) => [...headers.keys()];
  expect(status(new Response(null))).toBe(200);
  expect(name(new Response("x").headers)).toEqual(["content-type"]);
});
