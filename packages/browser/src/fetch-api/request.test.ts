import { chromium, createOpaqueOrigin, firefox, originOf, type Profile, standard, webkit } from "@corsac/protocol";
import { describe, expect, test } from "vitest";
import { type FetchApi, fetchApiFor } from "./fetch-api-for.ts";

const baseUrl = new URL("https://app.example/page/");

function api({ profile = standard, origin = originOf(baseUrl) } = {}): FetchApi {
  return fetchApiFor({ baseUrl, origin, profile });
}
const { Request, fetchInputs } = api();
const stream = () => new Blob(["x"]).stream();

describe("what a request cannot be", () => {
  const rows: { title: string; url?: unknown; init?: unknown }[] = [
    { title: "a URL that does not parse", url: "https://" },
    { title: "a URL with credentials", url: "https://user:password@api.example/" },
    { title: "a symbol as URL", url: Symbol("url") },
    { title: "an init that is no object", init: 1 },
    { title: "a method that is no token", init: { method: "GET POST" } },
    { title: "an empty method", init: { method: "" } },
    { title: "forbidden method CONNECT", init: { method: "CONNECT" } },
    { title: "forbidden method trace, in any case", init: { method: "trace" } },
    { title: "forbidden method TRACK", init: { method: "TRACK" } },
    { title: "an unknown mode", init: { mode: "CORS" } },
    { title: "mode navigate", init: { mode: "navigate" } },
    { title: "mode websocket", init: { mode: "websocket" } },
    { title: "mode no-cors with a method that is not safelisted", init: { mode: "no-cors", method: "PUT" } },
    { title: "mode no-cors with a stream", init: { mode: "no-cors", method: "POST", body: stream(), duplex: "half" } },
    { title: "unknown credentials", init: { credentials: "always" } },
    { title: "an unknown cache mode", init: { cache: "" } },
    { title: "only-if-cached without mode same-origin", init: { cache: "only-if-cached" } },
    { title: "an unknown redirect mode", init: { redirect: "yes" } },
    { title: "an unknown referrer policy", init: { referrerPolicy: "never" } },
    { title: "a referrer that does not parse", init: { referrer: "https://" } },
    { title: "an unknown priority", init: { priority: "highest" } },
    { title: "duplex full", init: { duplex: "full" } },
    { title: "a signal that is none", init: { signal: {} } },
    { title: "a window", init: { window: {} } },
    { title: "GET with a body", init: { body: "x" } },
    { title: "HEAD with an empty body", init: { method: "HEAD", body: "" } },
    { title: "a stream without duplex", init: { method: "POST", body: stream() } },
    { title: "a stream with keepalive", init: { method: "POST", body: stream(), duplex: "half", keepalive: true } },
    { title: "headers that are none", init: { headers: "a: 1" } },
  ];
  test.each(rows)("$title", ({ url = "/books", init }) => {
    expect(() => new Request(url as string, init as RequestInit as object)).toThrow(TypeError);
    expect(() => fetchInputs(url, init)).toThrow(TypeError);
  });

  test("no argument at all", () => {
    expect(() => Reflect.construct(Request, [])).toThrow(TypeError);
  });
});

describe("what a request is", () => {
  const defaults = {
    method: "GET",
    url: "https://app.example/page/books",
    destination: "",
    referrer: "about:client",
    referrerPolicy: "",
    mode: "cors",
    credentials: "same-origin",
    cache: "default",
    redirect: "follow",
    integrity: "",
    keepalive: false,
    isReloadNavigation: false,
    isHistoryNavigation: false,
    duplex: "half",
    body: null,
    bodyUsed: false,
  };
  const rows: { title: string; init: object; want: object }[] = [
    { title: "defaults", init: {}, want: {} },
    {
      title: "undefined members count as missing",
      init: { method: undefined, mode: undefined, body: undefined },
      want: {},
    },
    { title: "null as body and window", init: { body: null, window: null }, want: {} },
    { title: "the six methods in upper case", init: { method: "delete" }, want: { method: "DELETE" } },
    { title: "patch is not one of the six", init: { method: "patch" }, want: { method: "patch" } },
    {
      title: "a referrer of the same origin",
      init: { referrer: "/other#x" },
      want: { referrer: "https://app.example/other#x" },
    },
    { title: "a referrer of another origin is the client's", init: { referrer: "https://api.example/" }, want: {} },
    { title: "about:client as referrer", init: { referrer: "about:client" }, want: {} },
    { title: "no referrer", init: { referrer: "" }, want: { referrer: "" } },
    {
      title: "everything else as given",
      init: {
        mode: "same-origin",
        credentials: "include",
        cache: "only-if-cached",
        redirect: "manual",
        integrity: "sha256-x",
        keepalive: 1,
        referrerPolicy: "origin",
        priority: "low",
      },
      want: {
        mode: "same-origin",
        credentials: "include",
        cache: "only-if-cached",
        redirect: "manual",
        integrity: "sha256-x",
        keepalive: true,
        referrerPolicy: "origin",
      },
    },
  ];
  test.each(rows)("$title", ({ init, want }) => {
    const request = new Request("books", init);
    expect(pick(request, Object.keys(defaults))).toEqual({ ...defaults, ...want });
    expect(pick(request.clone(), Object.keys(defaults))).toEqual({ ...defaults, ...want });
    expect(pick(new Request(request), Object.keys(defaults))).toEqual({ ...defaults, ...want });
  });

  test("an opaque origin has no same-origin referrer", () => {
    const sandboxed = api({ origin: createOpaqueOrigin() });
    expect(new sandboxed.Request("/", { referrer: "/other" }).referrer).toBe("about:client");
  });

  test("it keeps the fragment, and its class has the standard's name", () => {
    const request = new Request("#x");
    expect(request.url).toBe("https://app.example/page/#x");
    expect([Request.name, String(request)]).toEqual(["Request", "[object Request]"]);
    expect(request).toBeInstanceOf(Request);
    expect(request.clone()).toBeInstanceOf(Request);
  });
});

describe("headers", () => {
  test("forbidden request-headers are dropped", () => {
    const request = new Request("/", { headers: { Cookie: "a=1", Host: "x", "X-A": "1" } });
    expect([...request.headers]).toEqual([["x-a", "1"]]);
  });

  test("mode no-cors lets only safelisted headers through", () => {
    const request = new Request("/", { mode: "no-cors", headers: { Accept: "*/*", "X-A": "1" } });
    expect([...request.headers]).toEqual([["accept", "*/*"]]);
  });

  test("init replaces the headers of the input; without init they stay", () => {
    const input = new Request("/", { headers: { a: "1" } });
    expect([...new Request(input).headers]).toEqual([["a", "1"]]);
    expect([...new Request(input, { method: "PUT" }).headers]).toEqual([["a", "1"]]);
    expect([...new Request(input, { headers: {} }).headers]).toEqual([]);
    new Request(input).headers.set("b", "2");
    expect([...input.headers]).toEqual([["a", "1"]]);
  });

  test("Content-Type comes from the body unless it is given", () => {
    expect(new Request("/", { method: "POST", body: "x" }).headers.get("content-type")).toBe(
      "text/plain;charset=UTF-8",
    );
    const given = { "content-type": "application/json" };
    expect(new Request("/", { method: "POST", body: "x", headers: given }).headers.get("content-type")).toBe(
      given["content-type"],
    );
  });

  const blob: { profile: Profile; want: string | null }[] = [
    { profile: standard, want: null },
    { profile: chromium, want: null },
    { profile: firefox, want: null },
    { profile: webkit, want: "application/json" },
  ];
  test.each(blob)("$profile.name: Content-Type of a JSON Blob in mode no-cors is $want", ({ profile, want }) => {
    const init = { mode: "no-cors", method: "POST", body: new Blob(["{}"], { type: "application/json" }) } as const;
    const page = api({ profile });
    expect(new page.Request("/", init).headers.get("content-type")).toBe(want);
  });
});

describe("a request made of a request", () => {
  test("takes its body, which then counts as used", async () => {
    const input = new Request("/", { method: "POST", body: "x" });
    const request = new Request(input, { method: "PUT" });
    expect([input.bodyUsed, request.bodyUsed]).toEqual([true, false]);
    expect(() => new Request(input)).toThrow(TypeError);
    expect(() => input.clone()).toThrow(TypeError);
    expect(await request.text()).toBe("x");
    await expect(input.text()).rejects.toThrow(TypeError);
  });

  test("leaves its body alone when init has one", async () => {
    const input = new Request("/", { method: "POST", body: "x" });
    const request = new Request(input, { body: "y" });
    expect(input.bodyUsed).toBe(false);
    expect([await input.text(), await request.text()]).toEqual(["x", "y"]);
  });

  test("follows its signal, and a null signal does not", () => {
    const controller = new AbortController();
    const input = new Request("/", { signal: controller.signal });
    const [followed, cut] = [new Request(input), new Request(input, { signal: null })];
    const reason = new Error("enough");
    controller.abort(reason);
    expect(followed.signal.reason).toBe(reason);
    expect(input.clone().signal.aborted).toBe(true);
    expect(cut.signal.aborted).toBe(false);
    expect(input.signal).not.toBe(controller.signal);
    expect(input.signal).toBe(input.signal);
  });

  test("loses the referrer of its input as soon as init has a member", () => {
    const input = new Request("/", { referrer: "", referrerPolicy: "origin" });
    const request = new Request(input, { method: "PUT" });
    expect([request.referrer, request.referrerPolicy]).toEqual(["about:client", ""]);
  });

  test("may be made of one of Node's own, body and signal included", async () => {
    const controller = new AbortController();
    const node = new globalThis.Request("https://api.example/", {
      method: "POST",
      body: "x",
      headers: { a: "1" },
      credentials: "include",
      signal: controller.signal,
    });
    const request = new Request(node);
    expect(pick(request, ["url", "method", "credentials"])).toEqual({
      url: "https://api.example/",
      method: "POST",
      credentials: "include",
    });
    expect([...request.headers]).toEqual([
      ["a", "1"],
      ["content-type", "text/plain;charset=UTF-8"],
    ]);
    expect(node.bodyUsed).toBe(true);
    expect(await request.clone().text()).toBe("x");
    const chunks: Uint8Array[] = [];
    for await (const chunk of request.body as ReadableStream<Uint8Array>) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe("x");
    controller.abort();
    expect(request.signal.aborted).toBe(true);
  });
});

describe("what fetch hands to the protocol", () => {
  test("a replayable body with its length", () => {
    const inputs = fetchInputs("/books", { method: "put", body: "\u00e9", credentials: "omit" });
    expect(inputs).toMatchObject({
      method: "PUT",
      url: new URL("https://app.example/books"),
      headers: [["Content-Type", "text/plain;charset=UTF-8"]],
      mode: "cors",
      credentialsMode: "omit",
      useCorsPreflight: false,
      referrer: "client",
      signal: null,
    });
    expect(inputs.body).toEqual({ payload: new TextEncoder().encode("\u00e9"), length: 2, replayable: true });
  });

  test("form data as a Blob of known size", () => {
    const form = new FormData();
    form.append("a", "1");
    const { body } = fetchInputs("/", { method: "POST", body: form });
    expect(body?.payload).toBeInstanceOf(Blob);
    expect(body?.length).toBe((body!.payload as Blob).size);
  });

  test("a stream, which cannot be replayed and always needs a preflight", () => {
    const { body, useCorsPreflight } = fetchInputs("/", { method: "POST", body: stream(), duplex: "half" });
    expect([body?.payload instanceof ReadableStream, body?.length, body?.replayable, useCorsPreflight]).toEqual([
      true,
      null,
      false,
      true,
    ]);
  });

  test("the bytes of a request of Node's, which is not taken for a stream", async () => {
    const node = new globalThis.Request("https://api.example/", { method: "POST", body: "x" });
    const { body, useCorsPreflight } = fetchInputs(node, undefined);
    expect(new TextDecoder().decode(await (body?.payload as Promise<Uint8Array>))).toBe("x");
    expect([body?.replayable, useCorsPreflight]).toEqual([true, false]);
  });

  test("the body of a request object, which then counts as used", () => {
    const request = new Request("/", { method: "POST", body: "x" });
    fetchInputs(request, undefined);
    expect(request.bodyUsed).toBe(true);
  });
});

function pick(object: object, keys: string[]): object {
  return Object.fromEntries(keys.map((key) => [key, (object as Record<string, unknown>)[key]]));
}
