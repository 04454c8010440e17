import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createGrantRequestHeaders, refusedRequestHeader } from "./request-header-names.ts";

const names = new Set(["authorization", "content-type", "x-request-id"]);

interface Row {
  readonly title: string;
  readonly names?: readonly string[];
  readonly credentials?: boolean;
  readonly requested: string;
  readonly want: string | null;
}

const rows: Row[] = [
  { title: "one name", requested: "content-type", want: "content-type" },
  {
    title: "all names, as browsers send them",
    requested: "authorization,content-type,x-request-id",
    want: "authorization,content-type,x-request-id",
  },
  { title: "names in another order", requested: "x-request-id,authorization", want: "x-request-id,authorization" },
  { title: "a name that is not allowed", requested: "x-other", want: null },
  { title: "a name that is not allowed among others", requested: "authorization,content-type,x-other", want: null },
  { title: "a name with something before it", requested: "xcontent-type", want: null },
  { title: "a name with something after it", requested: "content-typex", want: null },
  { title: "two names without a comma", requested: "content-type x-request-id", want: null },
  {
    title: "a space after commas, as joined lines have",
    requested: "authorization, content-type",
    want: "authorization,content-type",
  },
  {
    title: "a space or tab on both sides",
    requested: " authorization\t,\tcontent-type ",
    want: "authorization,content-type",
  },
  { title: "two spaces", requested: "authorization,  content-type", want: null },
  { title: "upper case, as people write it", requested: "Content-Type", want: "Content-Type" },
  { title: "another letter that looks the same in lower case", requested: "x-request-\u212ad", want: null },
  { title: "nothing", requested: "", want: "" },
  { title: "16 empty elements", requested: `${",".repeat(16)}content-type`, want: "content-type" },
  { title: "17 empty elements", requested: `${",".repeat(17)}content-type`, want: null },
  { title: "8 KB of commas", requested: ",".repeat(8192), want: null },
  {
    title: "each name once",
    requested: "content-type,content-type,content-type",
    want: "content-type,content-type,content-type",
  },
  { title: "a name too often", requested: "content-type,content-type,content-type,content-type", want: null },
  { title: "8 KB of a name that is allowed", requested: Array(600).fill("content-type").join(","), want: null },
  { title: "8 KB of one name", requested: "a".repeat(8192), want: null },
  { title: "* is a name like any other", requested: "*", want: null },
  { title: "no names at all", names: [], requested: "content-type", want: null },
  { title: "no names at all and nothing asked for", names: [], requested: "", want: "" },

  { title: "* without credentials", names: ["*"], requested: "x-other,y", want: "*" },
  {
    title: "* without credentials and Authorization",
    names: ["*", "authorization"],
    requested: "authorization,y",
    want: "*,authorization",
  },
  { title: "* without credentials is not Authorization", names: ["*"], requested: "authorization", want: null },
  {
    title: "* without credentials is not Authorization among others",
    names: ["*"],
    requested: "a, authorization, b",
    want: null,
  },
  {
    title: "* without credentials is what ends like Authorization",
    names: ["*"],
    requested: "authorization-b,x-authorization",
    want: "*",
  },
  {
    title: "* without credentials does not look at anything else",
    names: ["*"],
    requested: ",".repeat(8192),
    want: "*",
  },

  {
    title: "* with credentials echoes",
    names: ["*"],
    credentials: true,
    requested: "authorization,x-other",
    want: "authorization,x-other",
  },
  {
    title: "* with credentials tidies up",
    names: ["*"],
    credentials: true,
    requested: "authorization, x-other,",
    want: "authorization,x-other",
  },
  {
    title: "* with credentials echoes names only",
    names: ["*"],
    credentials: true,
    requested: "x-other,a b",
    want: null,
  },
  {
    title: "* with credentials echoes no other bytes",
    names: ["*"],
    credentials: true,
    requested: "x-öther",
    want: null,
  },
  {
    title: "* with credentials and 64 names",
    names: ["*"],
    credentials: true,
    requested: Array(64).fill("a").join(","),
    want: Array(64).fill("a").join(","),
  },
  {
    title: "* with credentials and 65 names",
    names: ["*"],
    credentials: true,
    requested: Array(65).fill("a").join(","),
    want: null,
  },
  { title: "* with credentials and 2 KB", names: ["*"], credentials: true, requested: "a".repeat(2049), want: null },
];

describe("Access-Control-Request-Headers", () => {
  test.each(rows)("$title", ({ names: own, credentials = false, requested, want }) => {
    const grant = createGrantRequestHeaders(own === undefined ? names : new Set(own), credentials);
    expect(grant(requested)).toBe(want);
    // The second time it may be known.
    expect(grant(requested)).toBe(want);
  });

  test("lists that browsers send are granted exactly when all names are allowed", () => {
    const name = fc.constantFrom(...names, "x-other", "y", "content", "type");
    const list = fc.uniqueArray(name).map((list) => list.sort());
    const grant = createGrantRequestHeaders(names, false);
    fc.assert(
      fc.property(list, (list) => {
        const isAllowed = list.every((name) => names.has(name));
        expect(grant(list.join(","))).toBe(isAllowed ? list.join(",") : null);
      }),
    );
  });

  test("nothing is granted but the policy's names", () => {
    const grant = createGrantRequestHeaders(names, false);
    const piece = fc.oneof(fc.constantFrom(...names, ",", " ", "\t", "*", ", ", "x"), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const granted = grant(pieces.join(""));
        if (granted !== null && granted !== "") {
          for (const name of granted.split(",")) expect(names.has(name.toLowerCase())).toBe(true);
        }
      }),
    );
  });
});

test.each([
  { title: "the first that is not allowed", requested: "authorization, x-other,y", want: "x-other" },
  { title: "none when only the form is wrong", requested: ",".repeat(20), want: null },
  { title: "Authorization beside *", own: ["*"], requested: "a,authorization", want: "authorization" },
  {
    title: "Authorization is all's with credentials",
    own: ["*"],
    credentials: true,
    requested: "authorization,a b",
    want: "a b",
  },
])("the refused name: $title", ({ own = names, credentials = false, requested, want }) => {
  expect(refusedRequestHeader(new Set(own), credentials, requested)).toBe(want);
});
