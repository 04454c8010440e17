import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createHeaders, Headers, type HeadersGuard, headerListOf } from "./headers.ts";

describe("what headers can be made of", () => {
  const rows: { title: string; init: unknown; want: [string, string][] | "TypeError" }[] = [
    { title: "undefined is nothing", init: undefined, want: [] },
    {
      title: "a record",
      init: { B: "1", a: "2" },
      want: [
        ["a", "2"],
        ["b", "1"],
      ],
    },
    {
      title: "a sequence of pairs",
      init: [
        ["a", "1"],
        ["A", "2"],
      ],
      want: [["a", "1, 2"]],
    },
    { title: "other headers", init: new Headers({ a: "1" }), want: [["a", "1"]] },
    { title: "Node's own headers", init: new globalThis.Headers({ a: "1" }), want: [["a", "1"]] },
    { title: "a map", init: new Map([["a", "1"]]), want: [["a", "1"]] },
    {
      title: "values become strings",
      init: { a: 1, b: null },
      want: [
        ["a", "1"],
        ["b", "null"],
      ],
    },
    { title: "white space around a value is dropped", init: { a: "\t 1\r\n" }, want: [["a", "1"]] },
    {
      title: "Set-Cookie values stay apart",
      init: [
        ["set-cookie", "a"],
        ["Set-Cookie", "b"],
      ],
      want: [
        ["set-cookie", "a"],
        ["set-cookie", "b"],
      ],
    },
    { title: "null is neither a sequence nor a record", init: null, want: "TypeError" },
    { title: "a string is neither", init: "a: 1", want: "TypeError" },
    { title: "one part is no pair", init: [["a"]], want: "TypeError" },
    { title: "three parts are no pair", init: [["a", "1", "2"]], want: "TypeError" },
    { title: "an item that is no sequence", init: [1], want: "TypeError" },
    { title: "a name that is no token", init: { "a b": "1" }, want: "TypeError" },
    { title: "an empty name", init: [["", "1"]], want: "TypeError" },
    { title: "a value with a line break inside", init: { a: "1\n2" }, want: "TypeError" },
    { title: "a value with NUL", init: { a: "\0" }, want: "TypeError" },
    { title: "a value above U+00FF", init: { a: "\u0100" }, want: "TypeError" },
    { title: "an enumerable symbol as name", init: { [Symbol("a")]: "1" }, want: "TypeError" },
  ];
  test.each(rows)("$title", ({ init, want }) => {
    const make = () => [...new Headers(init as Record<string, string>)];
    if (want === "TypeError") expect(make).toThrow(TypeError);
    else expect(make()).toEqual(want);
  });
});

describe("guards", () => {
  const guarded = (guard: HeadersGuard, ...pairs: [string, string][]) => createHeaders(pairs, guard);

  test("immutable: nothing can be changed, not even in vain", () => {
    const headers = guarded("immutable", ["a", "1"]);
    expect(() => headers.append("b", "1")).toThrow(TypeError);
    expect(() => headers.set("a", "2")).toThrow(TypeError);
    expect(() => headers.delete("missing")).toThrow(TypeError);
  });

  const dropped: { guard: HeadersGuard; name: string; value?: string }[] = [
    { guard: "request", name: "Cookie" },
    { guard: "request", name: "Origin" },
    { guard: "request", name: "Sec-Fetch-Site" },
    { guard: "request", name: "Proxy-Authorization" },
    { guard: "request", name: "X-HTTP-Method-Override", value: "TRACE" },
    { guard: "response", name: "Set-Cookie" },
    { guard: "request-no-cors", name: "X-Custom" },
    { guard: "request-no-cors", name: "Authorization" },
    { guard: "request-no-cors", name: "Content-Type", value: "application/json" },
    { guard: "request-no-cors", name: "Range", value: "bytes=0-" },
  ];
  test.each(dropped)("$guard: $name is dropped without a word", ({ guard, name, value = "1" }) => {
    const headers = guarded(guard);
    headers.append(name, value);
    headers.set(name, value);
    expect(headerListOf(headers)).toEqual([]);
  });

  test("request: a harmless method override is kept", () => {
    const headers = guarded("request");
    headers.set("X-HTTP-Method-Override", "DELETE");
    expect(headers.get("x-http-method-override")).toBe("DELETE");
  });

  test("request: a forbidden header cannot be deleted", () => {
    const headers = guarded("request", ["Cookie", "a=1"]);
    headers.delete("cookie");
    expect(headers.get("cookie")).toBe("a=1");
  });

  test("request-no-cors: the combined value has to be safelisted too", () => {
    const headers = guarded("request-no-cors");
    headers.append("Accept", "a".repeat(100));
    headers.append("Accept", "b".repeat(100));
    expect(headers.get("accept")).toBe("a".repeat(100));
  });

  test("request-no-cors: any change removes Range", () => {
    const headers = guarded("request-no-cors", ["Range", "bytes=0-"], ["Accept", "*/*"]);
    headers.delete("missing");
    expect(headers.has("range")).toBe(true);
    headers.set("Accept", "text/html");
    expect(headers.has("range")).toBe(false);
  });
});

test("set keeps the place and the case of the first of the name, and removes the others", () => {
  const headers = new Headers([
    ["X-A", "1"],
    ["b", "2"],
    ["x-a", "3"],
  ]);
  headers.set("x-A", "4");
  expect(headerListOf(headers)).toEqual([
    ["X-A", "4"],
    ["b", "2"],
  ]);
});

test("iteration sees changes made while it goes on", () => {
  const headers = new Headers({ a: "1", b: "2", c: "3" });
  const seen: string[] = [];
  for (const [name] of headers) {
    seen.push(name);
    if (name === "a") headers.delete("b");
  }
  expect(seen).toEqual(["a", "c"]);
});

test("an argument that is missing is an error, one that is undefined a string", () => {
  const headers = new Headers();
  expect(() => (headers.append as (name: string) => void)("a")).toThrow(TypeError);
  headers.append("a", undefined as unknown as string);
  expect(headers.get("a")).toBe("undefined");
});

test("Headers agree with Node's own on what they hold", () => {
  const name = fc.stringMatching(/^[A-Za-z-]{1,4}$/);
  const value = fc.stringMatching(/^[ -~]{0,6}$/);
  const step = fc.tuple(fc.constantFrom("append", "set", "delete"), name, value);
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const [ours, nodes] = [new Headers(), new globalThis.Headers()];
      for (const [method, n, v] of steps) {
        for (const headers of [ours, nodes]) {
          if (method === "append") headers.append(n, v);
          else if (method === "set") headers.set(n, v);
          else headers.delete(n);
        }
      }
      expect([...ours]).toEqual([...nodes]);
    }),
  );
});
