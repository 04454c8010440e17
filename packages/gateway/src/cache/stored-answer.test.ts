import { expect, test } from "vitest";
import type { HeaderFields } from "../exchange/header-fields.ts";
import type { StoredResponse } from "./cache-store.ts";
import { isNotModified, withoutConditions } from "./conditional-request.ts";
import { relatedTargets } from "./invalidation.ts";
import { storedRange } from "./stored-range.ts";
import { describesStored, freshened, validatedResponse, validationHeaders } from "./validation.ts";

const noon = Date.UTC(2026, 10, 22, 12);
const at = (seconds: number) => new Date(noon + seconds * 1000).toUTCString();

function stored(headers: HeaderFields = {}, members: Partial<StoredResponse> = {}): StoredResponse {
  const times = { requestTime: noon, responseTime: noon };
  const body = Buffer.from("0123456789");
  return {
    id: "[]",
    selectedBy: [],
    status: 200,
    statusText: "OK",
    headers,
    trailers: null,
    body,
    ...times,
    ...members,
  };
}

test.each<[string, HeaderFields, StoredResponse, boolean]>([
  ["the same tag", { "if-none-match": '"a"' }, stored({ etag: '"a"' }), true],
  ["the same tag, one weak", { "if-none-match": 'W/"a"' }, stored({ etag: '"a"' }), true],
  ["one of several", { "if-none-match": '"x", "a", "y"' }, stored({ etag: '"a"' }), true],
  ["a comma in a tag", { "if-none-match": '"x, y"' }, stored({ etag: '"x, y"' }), true],
  ["another tag", { "if-none-match": '"b"' }, stored({ etag: '"a"' }), false],
  ["any", { "if-none-match": "*" }, stored(), true],
  ["no tag", { "if-none-match": '"a"' }, stored(), false],
  [
    "a tag precedes a date",
    { "if-none-match": '"b"', "if-modified-since": at(0) },
    stored({ etag: '"a"', "last-modified": at(-9) }),
    false,
  ],
  ["unchanged since", { "if-modified-since": at(-9) }, stored({ "last-modified": at(-9) }), true],
  ["changed since", { "if-modified-since": at(-10) }, stored({ "last-modified": at(-9) }), false],
  ["made before, without Last-Modified", { "if-modified-since": at(5) }, stored({ date: at(0) }), true],
  ["made after, without Last-Modified", { "if-modified-since": at(-5) }, stored({ date: at(0) }), false],
  ["no date", { "if-modified-since": "yesterday" }, stored({ "last-modified": at(-9) }), false],
  ["an error is never the same", { "if-none-match": "*" }, stored({ etag: '"a"' }, { status: 404 }), false],
])("not modified: %s", (_title, asked, response, want) => {
  expect(isNotModified(asked, response, noon)).toBe(want);
});

test.each<[string, HeaderFields, unknown]>([
  ["whole", {}, null],
  ["first bytes", { range: "bytes=0-1" }, { start: 0, end: 2 }],
  ["from", { range: "bytes=7-" }, { start: 7, end: 10 }],
  ["last bytes", { range: "bytes=-3" }, { start: 7, end: 10 }],
  ["more than there is", { range: "bytes=5-99" }, { start: 5, end: 10 }],
  ["more at the end than there is", { range: "bytes=-99" }, { start: 0, end: 10 }],
  ["behind the end", { range: "bytes=10-" }, "unsatisfiable"],
  ["nothing", { range: "bytes=-0" }, "unsatisfiable"],
  ["beyond safe numbers", { range: "bytes=0-99999999999999999999" }, { start: 0, end: 10 }],
  ["several parts: the whole", { range: "bytes=0-1,3-4" }, null],
  ["another unit: the whole", { range: "lines=0-1" }, null],
  ["the same tag", { range: "bytes=0-1", "if-range": '"a"' }, { start: 0, end: 2 }],
  ["another tag: the whole", { range: "bytes=0-1", "if-range": '"b"' }, null],
  ["a weak tag: the whole", { range: "bytes=0-1", "if-range": 'W/"a"' }, null],
  ["the same date", { range: "bytes=0-1", "if-range": at(-9) }, { start: 0, end: 2 }],
  ["another date: the whole", { range: "bytes=0-1", "if-range": at(-8) }, null],
])("range: %s", (_title, asked, want) => {
  expect(storedRange(asked, stored({ etag: '"a"', "last-modified": at(-9) }))).toEqual(want);
});

test("a validation asks by the tags of all variants and the date of the one selected, not by what the client has", () => {
  const selected = stored({ etag: 'W/"a"', "last-modified": at(-9) });
  const variants = [stored({ etag: '"b"' }), selected, stored({ etag: 'W/"c"' }), stored()];
  const asked = { accept: "x", "if-none-match": '"z"', "if-range": '"z"', range: "bytes=0-1" };
  expect(validationHeaders(asked, selected, variants)).toEqual({
    accept: "x",
    "if-none-match": 'W/"a", "b"',
    "if-modified-since": at(-9),
  });
  expect(validationHeaders(asked, null, variants)).toEqual({ accept: "x", "if-none-match": '"b"' });
  expect(validationHeaders(asked, stored(), [])).toBeNull();
  expect(withoutConditions(asked)).toEqual({ accept: "x" });
});

test.each<[string, HeaderFields, number | null]>([
  ["no tag: the one selected", {}, 0],
  ["its tag", { etag: '"a"' }, 0],
  ["its tag, weak now", { etag: 'W/"a"' }, 0],
  ["the tag of another variant", { etag: '"b"' }, 1],
  ["a weak tag of another variant", { etag: 'W/"b"' }, null],
  ["a tag of nothing stored", { etag: '"x"' }, null],
])("304 with %s", (_title, headers, want) => {
  const variants = [stored({ etag: '"a"' }), stored({ etag: '"b"' })];
  expect(validatedResponse(headers, variants[0] ?? null, variants)).toBe(want === null ? null : variants[want]);
});

test("a 304 changes the fields but not those of the content, and makes the response new", () => {
  const before = stored({ a: "1", b: "1", age: "99", "content-length": "10", "content-encoding": "gzip" });
  const update = {
    b: "2",
    c: ["3", "4"],
    "content-length": "0",
    "content-encoding": "br",
    "set-cookie": ["x=y"],
    date: at(5),
  };
  const times = { requestTime: noon + 4000, responseTime: noon + 5000 };
  expect(freshened(before, update, times)).toEqual({
    ...before,
    ...times,
    headers: { a: "1", b: "2", c: ["3", "4"], "content-length": "10", "content-encoding": "gzip", date: at(5) },
  });
});

test.each<[HeaderFields, boolean]>([
  [{ etag: '"a"', "content-length": "10" }, true],
  [{}, true],
  [{ etag: '"b"' }, false],
  [{ etag: '"a"', "content-length": "11" }, false],
  [{ "last-modified": at(-8) }, false],
])("HEAD with %j describes what is stored: %s", (headers, want) => {
  expect(describesStored(headers, stored({ etag: '"a"', "last-modified": at(-9), "content-length": "10" }))).toBe(want);
});

test.each<[string, string, readonly string[]]>([
  ["a path of the upstream", "/api/books/2", ["/shop/books/2"]],
  ["a path relative to the target", "2?x=1", ["/shop/books/2?x=1"]],
  ["its absolute form", "https://api.example/api/books/2", ["/shop/books/2"]],
  ["the gateway's own address", "http://gateway.example:8080/shop/books/2", ["/shop/books/2"]],
  ["another origin", "https://other.example/api/books/2", []],
  ["a path outside of the route", "/other", []],
  ["a path that only begins alike", "/apiary", []],
  ["the target itself", "/api/books/", []],
  ["no reference", "https://[", []],
])("invalidates besides the target: %s", (_title, location, want) => {
  const request = {
    ...({ method: "POST", scheme: "http", authority: "gateway.example:8080", target: "/shop/books/" } as const),
    ...{ httpVersion: "1.1", headers: {}, body: null, clientAddress: null },
  };
  const place = { upstream: new URL("https://api.example/api"), prefix: "/shop" };
  for (const name of ["location", "content-location"]) {
    expect(relatedTargets(request, { [name]: location }, place)).toEqual(want);
  }
});
