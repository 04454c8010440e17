import { originOf, standard } from "@corsac/protocol";
import { describe, expect, test } from "vitest";
import type { BodySource } from "../body-source.ts";
import { fetchApiFor } from "./fetch-api-for.ts";
import { Headers } from "./headers.ts";

const baseUrl = new URL("https://app.example/");
const { Response, createNetworkResponse } = fetchApiFor({ baseUrl, origin: originOf(baseUrl), profile: standard });

const bytes = (text: string) => new TextEncoder().encode(text);

/** A body from the network that notes how it is read. */
function networkBody(text: string) {
  const calls: string[] = [];
  const source: BodySource = {
    async bytes() {
      calls.push("bytes");
      return bytes(text);
    },
    stream() {
      calls.push("stream");
      return new Blob([text]).stream() as ReadableStream<Uint8Array<ArrayBuffer>>;
    },
    cancel() {
      calls.push("cancel");
    },
  };
  return { calls, source };
}

function networkResponse(source: BodySource, headers: [string, string][] = []) {
  return createNetworkResponse({
    type: "basic",
    url: "https://api.example/",
    redirected: false,
    status: 200,
    statusText: "OK",
    headers,
    headersGuard: "immutable",
    body: source,
  });
}

describe("how a body is read", () => {
  const form = new FormData();
  form.append("a\n", '1\r2"');
  form.append("file", new File(["x"], 'a"b.txt', { type: "text/x" }));

  const rows: { title: string; body: ConstructorParameters<typeof Response>[0]; type: string | null; text: string }[] =
    [
      { title: "a string", body: "h\u00e9", type: "text/plain;charset=UTF-8", text: "h\u00e9" },
      { title: "a string with a lone surrogate", body: "\ud800", type: "text/plain;charset=UTF-8", text: "\ufffd" },
      {
        title: "form parameters",
        body: new URLSearchParams({ a: "1 2" }),
        type: "application/x-www-form-urlencoded;charset=UTF-8",
        text: "a=1+2",
      },
      { title: "a blob with a type", body: new Blob(["x"], { type: "text/x" }), type: "text/x", text: "x" },
      { title: "a blob without a type", body: new Blob(["x"]), type: null, text: "x" },
      { title: "a buffer", body: bytes("abc").buffer, type: null, text: "abc" },
      { title: "a view on a part of a buffer", body: bytes("abc").subarray(1), type: null, text: "bc" },
      { title: "a stream", body: new Blob(["x"]).stream(), type: null, text: "x" },
      { title: "nothing", body: null, type: null, text: "" },
    ];
  test.each(rows)("$title", async ({ body, type, text }) => {
    const response = new Response(body);
    expect(response.headers.get("content-type")).toBe(type);
    const copy = response.clone();
    expect(await response.text()).toBe(text);
    expect(new TextDecoder().decode(await copy.bytes())).toBe(text);
  });

  test("form data arrives as it was given, with line breaks normalized", async () => {
    const response = new Response(form);
    const got = await response.formData();
    expect([...got.keys()]).toEqual(["a\r\n", "file"]);
    expect(got.get("a\r\n")).toBe('1\r\n2"');
    const file = got.get("file") as File;
    expect([file.name, file.type, await file.text()]).toEqual(['a"b.txt', "text/x", "x"]);
  });

  test("a body is a copy of the bytes at the time", async () => {
    const view = bytes("abc");
    const response = new Response(view);
    view.fill(0);
    expect(await response.text()).toBe("abc");
  });

  test("what one clone returns is not shared with the other", async () => {
    const response = new Response("abc");
    const copy = response.clone();
    (await response.bytes()).fill(0);
    expect(await copy.text()).toBe("abc");
  });

  test("a byte order mark is dropped from text and JSON", async () => {
    expect(await new Response("\ufeff1").text()).toBe("1");
    expect(await new Response("\ufeff1").json()).toBe(1);
  });

  test("a blob has the MIME type that the headers say", async () => {
    const response = new Response("x", { headers: { "content-type": "Text/Plain; Charset=UTF-8" } });
    expect((await response.blob()).type).toBe("text/plain;charset=utf-8");
    expect((await new Response("x", { headers: { "content-type": "?" } }).blob()).type).toBe("");
  });

  test("form data needs a type that is a form's", async () => {
    await expect(new Response("a=1").formData()).rejects.toThrow(TypeError);
    await expect(new Response(null).formData()).rejects.toThrow(TypeError);
  });

  test("textStream decodes across chunks", async () => {
    const [first, second] = [bytes("h\u00e9").subarray(0, 2), bytes("h\u00e9").subarray(2)];
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(first);
        controller.enqueue(second);
        controller.close();
      },
    });
    const chunks: string[] = [];
    for await (const chunk of new Response(stream).textStream()) chunks.push(chunk);
    expect(chunks.join("")).toBe("h\u00e9");
  });

  test("a chunk that is not bytes is an error of whoever reads it", async () => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue("text");
        controller.close();
      },
    });
    await expect(new Response(stream).text()).rejects.toThrow(TypeError);
  });
});

describe("a body can be read once", () => {
  test("bodyUsed tells, and a second reader is refused", async () => {
    const response = new Response("x");
    expect(response.bodyUsed).toBe(false);
    const text = response.text();
    expect(response.bodyUsed).toBe(true);
    await expect(response.text()).rejects.toThrow(TypeError);
    expect(() => response.clone()).toThrow(TypeError);
    expect(() => response.textStream()).toThrow(TypeError);
    expect(await text).toBe("x");
    expect(response.body?.locked).toBe(true);
  });

  test("a null body is never used", async () => {
    const response = new Response(null);
    expect([await response.text(), await response.text()]).toEqual(["", ""]);
    expect([response.body, response.bodyUsed]).toEqual([null, false]);
  });

  test("a stream that is locked or was read from is no body", async () => {
    const locked = new Blob(["x"]).stream();
    const reader = locked.getReader();
    expect(() => new Response(locked)).toThrow(TypeError);
    await reader.read();
    reader.releaseLock();
    expect(() => new Response(locked)).toThrow(TypeError);
  });

  test("a reader on body locks it and, once it reads, uses it", async () => {
    const response = new Response("abc");
    const reader = response.body?.getReader({ mode: "byob" });
    expect(response.bodyUsed).toBe(false);
    await expect(response.text()).rejects.toThrow(TypeError);
    const { value } = (await reader?.read(new Uint8Array(8))) ?? {};
    expect(value).toEqual(bytes("abc"));
    expect(response.bodyUsed).toBe(true);
  });
});

describe("a body from the network", () => {
  test("is read as a whole without a stream", async () => {
    const { calls, source } = networkBody("x");
    const response = networkResponse(source);
    expect(response.bodyUsed).toBe(false);
    expect(await response.text()).toBe("x");
    expect(calls).toEqual(["bytes"]);
    expect(response.bodyUsed).toBe(true);
    expect(response.body?.locked).toBe(true);
    expect(calls).toEqual(["bytes"]);
  });

  test("is read as a stream when the script asks for one", async () => {
    const { calls, source } = networkBody("x");
    const response = networkResponse(source);
    expect(response.body).toBe(response.body);
    expect(await response.text()).toBe("x");
    expect(calls).toEqual(["stream"]);
  });

  test("is read once for all clones", async () => {
    const { calls, source } = networkBody("x");
    const response = networkResponse(source);
    const copy = response.clone();
    expect(await Promise.all([response.text(), copy.text()])).toEqual(["x", "x"]);
    expect(calls).toEqual(["stream"]);
  });

  test("fails as the network fails", async () => {
    const failure = new TypeError("terminated");
    const { source } = networkBody("x");
    const response = networkResponse({ ...source, bytes: () => Promise.reject(failure) });
    await expect(response.arrayBuffer()).rejects.toBe(failure);
  });

  test("gives arrayBuffer only its own bytes, although they lie in a larger buffer", async () => {
    const { source } = networkBody("");
    const large = bytes("__abc__");
    const response = networkResponse({ ...source, bytes: async () => large.subarray(2, 5) });
    expect(new TextDecoder().decode(await response.arrayBuffer())).toBe("abc");
  });

  test("has immutable headers and a URL without fragment", () => {
    const { source } = networkBody("");
    const response = networkResponse(source, [["Content-Type", "text/x"]]);
    expect(() => response.headers.set("a", "1")).toThrow(TypeError);
    expect(response.headers).toBeInstanceOf(Headers);
    expect([...response.clone().headers]).toEqual([["content-type", "text/x"]]);
    expect(() => response.clone().headers.set("a", "1")).toThrow(TypeError);
  });
});
