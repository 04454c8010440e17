import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entityTag, isEntityTag, matchesStrongly, matchesWeakly, parseEntityTags } from "./entity-tag.ts";
import { parseHttpDate, serializeHttpDate } from "./http-date.ts";
import { evaluatePreconditions, type Validators } from "./preconditions.ts";

const now = Date.UTC(2026, 10, 22);

describe("entity tags", () => {
  test.each([
    ['"a"', ['"a"']],
    ['W/"a", "b,c" ,"d"', ['W/"a"', '"b,c"', '"d"']],
    [', ,"a",', ['"a"']],
    ['""', ['""']],
    [" * ", "*"],
    ["", null],
    ["a", null],
    ['"a" "b"', null],
    ['w/"a"', null],
    ['"a', null],
    ['"a", *', null],
  ])("the list %s", (value, want) => expect(parseEntityTags(value)).toEqual(want));

  test.each([
    // The table of RFC 9110, 8.8.3.2.
    ['W/"1"', 'W/"1"', false, true],
    ['W/"1"', 'W/"2"', false, false],
    ['W/"1"', '"1"', false, true],
    ['"1"', '"1"', true, true],
  ] as const)("%s and %s: strongly %s, weakly %s", (a, b, strongly, weakly) => {
    expect([matchesStrongly(a, b), matchesWeakly(a, b)]).toEqual([strongly, weakly]);
  });

  test("are made of versions", () => {
    expect([entityTag(7), entityTag("a", { weak: true })]).toEqual(['"7"', 'W/"a"']);
    for (const opaque of ['"a"', "a b", "a\n", "€"]) expect(() => entityTag(opaque)).toThrow(TypeError);
  });

  test("a list of tags is parsed to what it was made of", () => {
    const tag = fc
      .tuple(fc.boolean(), fc.string({ unit: fc.constantFrom(..."ab,;*/W ~!") }))
      .map(([weak, opaque]) => `${weak ? "W/" : ""}"${opaque.replaceAll(" ", "")}"`)
      .filter(isEntityTag);
    fc.assert(
      fc.property(fc.array(tag, { minLength: 1 }), (tags) => {
        expect(parseEntityTags(tags.join(", "))).toEqual(tags);
      }),
    );
  });
});

describe("dates", () => {
  const time = Date.UTC(1994, 10, 6, 8, 49, 37);
  test.each([
    ["Sun, 06 Nov 1994 08:49:37 GMT", time],
    ["Sunday, 06-Nov-94 08:49:37 GMT", time],
    ["Sun Nov  6 08:49:37 1994", time],
    ["Sunday, 06-Nov-76 08:49:37 GMT", Date.UTC(2076, 10, 6, 8, 49, 37)],
    ["Sunday, 06-Nov-77 08:49:37 GMT", Date.UTC(1977, 10, 6, 8, 49, 37)],
    ["Sun, 06 Nov 1994 08:49:37 UTC", null],
    ["Sun, 6 Nov 1994 08:49:37 GMT", null],
    ["Sun, 31 Feb 1994 08:49:37 GMT", null],
    ["Sun, 06 Nov 1994 24:49:37 GMT", null],
    ["1994-11-06T08:49:37Z", null],
    ["", null],
  ])("%s", (value, want) => expect(parseHttpDate(value, now)).toBe(want));

  test("what is written is parsed to what it was, to the second", () => {
    const range = { min: new Date("1600-01-01"), max: new Date("9999-12-31"), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(range), (date) => {
        expect(parseHttpDate(serializeHttpDate(date), now)).toBe(Math.floor(date.getTime() / 1000) * 1000);
      }),
    );
  });
});

describe("preconditions", () => {
  const changed = new Date("2026-11-22T12:00:00.900Z");
  const at = "Sun, 22 Nov 2026 12:00:00 GMT";
  const before = "Sun, 22 Nov 2026 11:59:59 GMT";
  const both: Validators = { etag: '"a"', lastModified: changed };
  const dated: Validators = { lastModified: changed };
  const none: Validators = {};

  test.each<[string, Record<string, string>, Validators | null, string]>([
    ["PUT", {}, both, "none"],
    ["PUT", { "if-match": '"b", "a"' }, both, "met"],
    ["PUT", { "if-match": '"b"' }, both, "failed"],
    ["PUT", { "if-match": "*" }, both, "met"],
    ["PUT", { "if-match": "*" }, null, "failed"],
    ["PUT", { "if-match": '"a"' }, dated, "failed"],
    ["GET", { "if-match": '"b"' }, both, "failed"],
    ["PUT", { "if-match": '"a"', "if-unmodified-since": before }, both, "met"],
    ["PUT", { "if-unmodified-since": at }, dated, "met"],
    ["PUT", { "if-unmodified-since": before }, dated, "failed"],
    ["PUT", { "if-unmodified-since": at }, none, "failed"],
    ["GET", { "if-unmodified-since": at }, none, "met"],
    ["PUT", { "if-unmodified-since": "never" }, dated, "none"],
    ["PUT", { "if-none-match": "*" }, null, "met"],
    ["PUT", { "if-none-match": "*" }, both, "failed"],
    ["PUT", { "if-none-match": 'W/"a"' }, both, "failed"],
    ["GET", { "if-none-match": 'W/"a"' }, both, "not-modified"],
    ["HEAD", { "if-none-match": '"a"' }, both, "not-modified"],
    ["QUERY", { "if-none-match": '"a"' }, both, "not-modified"],
    ["PROPFIND", { "if-none-match": '"a"' }, both, "failed"],
    ["GET", { "if-none-match": '"b"', "if-modified-since": at }, both, "met"],
    ["GET", { "if-modified-since": at }, dated, "not-modified"],
    ["GET", { "if-modified-since": before }, dated, "met"],
    ["GET", { "if-modified-since": at }, none, "none"],
    ["GET", { "if-modified-since": at }, null, "none"],
    ["PUT", { "if-modified-since": at }, dated, "none"],
    ["GET", { "if-match": '"a"', "if-none-match": '"a"' }, both, "not-modified"],
    ["GET", { "if-match": '"b"', "if-none-match": '"a"' }, both, "failed"],
  ])("%s %j of %j: %s %s", (method, headers, validators, want) => {
    expect(evaluatePreconditions(method, (name) => headers[name] ?? null, validators, now)).toBe(want);
  });
});
