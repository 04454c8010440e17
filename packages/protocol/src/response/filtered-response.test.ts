import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byteLowercase } from "../header/bytes.ts";
import type { Header, HeaderList } from "../header/header-list.ts";
import type { CredentialsMode, ResponseTainting } from "../request/request.ts";
import {
  basicFilteredResponse,
  corsExposedHeaderNames,
  corsFilteredResponse,
  filterResponse,
  type InternalResponse,
  opaqueFilteredResponse,
  opaqueRedirectFilteredResponse,
} from "./filtered-response.ts";

function response(headers: HeaderList, ...urls: string[]): InternalResponse {
  const urlList = urls.map((url) => new URL(url));
  return { status: 201, statusText: "Made", headers, body: "body", urlList, fromCache: false };
}

const headers: Header[] = [
  ["cache-control", "no-store"],
  ["Content-Language", "de"],
  ["Content-Length", "4"],
  ["CONTENT-TYPE", "text/plain"],
  ["Expires", "0"],
  ["Last-Modified", "never"],
  ["Pragma", "x"],
  ["X-A", "1"],
  ["x-a", "2"],
  ["ETag", '"1"'],
  ["Date", "today"],
  ["Access-Control-Allow-Origin", "*"],
  ["Set-Cookie", "a=1"],
  ["set-cookie2", "a=1"],
];
const safelisted = headers.slice(0, 7);
const internal = response(headers, "https://app.example/a", "https://user:pass@api.example/b?c#d");
const shown = {
  status: 201,
  statusText: "Made",
  body: "body",
  url: "https://user:pass@api.example/b?c",
  redirected: true,
};
const hidden = { status: 0, statusText: "", headers: [], body: null };

describe("what a script sees", () => {
  test("basic: everything but Set-Cookie", () => {
    expect(basicFilteredResponse(internal)).toEqual({
      type: "basic",
      ...shown,
      headers: headers.slice(0, -2),
      internal,
    });
  });

  test("cors: the safelisted headers", () => {
    expect(corsFilteredResponse(internal, [])).toEqual({ type: "cors", ...shown, headers: safelisted, internal });
  });

  test("cors: the exposed headers too, every line of them, never Set-Cookie", () => {
    const exposed = ["x-a", "ETAG", "set-cookie", "set-cookie2", "*"];
    const want = headers.filter(([name]) => /^(x-a|etag)$/i.test(name));
    expect(corsFilteredResponse(internal, exposed).headers).toEqual([...safelisted, ...want]);
  });

  test("opaque: nothing", () => {
    expect(opaqueFilteredResponse(internal)).toEqual({
      type: "opaque",
      ...hidden,
      url: "",
      redirected: false,
      internal,
    });
  });

  test("opaque-redirect: the URL alone", () => {
    const redirect = response(headers, "https://app.example/a#b");
    const want = { type: "opaqueredirect", ...hidden, url: "https://app.example/a", redirected: false };
    expect(opaqueRedirectFilteredResponse(redirect)).toEqual({ ...want, internal: redirect });
  });

  test.each([
    ["without fragment", ["https://a.example/#b"], "https://a.example/", false],
    ["without an empty fragment", ["https://a.example/?b#"], "https://a.example/?b", false],
    ["the last of several", ["https://a.example/", "https://b.example/"], "https://b.example/", true],
    ["redirected to itself", ["https://a.example/", "https://a.example/"], "https://a.example/", true],
    ["none", [], "", false],
  ])("URL: %s", (_, urls, url, redirected) => {
    expect(basicFilteredResponse(response([], ...urls))).toMatchObject({ url, redirected });
  });
});

describe("corsExposedHeaderNames", () => {
  test.each<[title: string, lines: string[], mode: CredentialsMode, want: string[]]>([
    ["nothing exposed", [], "omit", []],
    ["names in lower case", ["X-A , etag"], "omit", ["x-a", "etag"]],
    ["several lines", ["X-A", "x-b"], "include", ["x-a", "x-b"]],
    [
      "* exposes every name that is there",
      ["*"],
      "same-origin",
      ["access-control-expose-headers", "x-a", "set-cookie"],
    ],
    ["* beside others", ["x-b, *"], "omit", ["access-control-expose-headers", "x-a", "set-cookie"]],
    ["with credentials * is a name", ["*, x-a"], "include", ["*", "x-a"]],
    ["a list that does not parse exposes nothing", ["x-a, b c"], "omit", []],
    ["a line that does not parse spoils the others", ["x-a", "[]"], "omit", []],
    ["an empty list", [""], "omit", []],
  ])("%s", (_, lines, mode, want) => {
    const list: Header[] = [
      ...lines.map((line): Header => ["Access-Control-Expose-Headers", line]),
      ["X-A", "1"],
      ["Set-Cookie", "a=1"],
    ];
    expect([...new Set(corsExposedHeaderNames(list, mode))]).toEqual(want);
  });

  test("a header called * is exposed by * even with credentials", () => {
    const list: Header[] = [
      ["Access-Control-Expose-Headers", "*"],
      ["*", "1"],
      ["X-A", "1"],
    ];
    expect(filterResponse(response(list), "cors", "include").headers).toEqual([["*", "1"]]);
    expect(filterResponse(response(list), "cors", "omit").headers).toEqual(list);
  });
});

test.each<[ResponseTainting, string]>([
  ["basic", "basic"],
  ["cors", "cors"],
  ["opaque", "opaque"],
])("response tainting %s gives type %s", (tainting, type) => {
  expect(filterResponse(internal, tainting, "omit").type).toBe(type);
});

test("property: a script never sees Set-Cookie, nor across origins a header that is neither safelisted nor exposed", () => {
  const name = fc.constantFrom(
    "X-A",
    "x-b",
    "ETag",
    "Content-Type",
    "Set-Cookie",
    "SET-COOKIE2",
    "*",
    "Server",
    "Expires",
  );
  const exposed = fc
    .array(fc.oneof(name, fc.constantFrom("no token", "")), { maxLength: 3 })
    .map((names) => names.join(","));
  const header: fc.Arbitrary<Header> = fc.oneof(
    fc.tuple(name, fc.string({ unit: "binary" })),
    fc.tuple(fc.constantFrom("Access-Control-Expose-Headers", "access-control-expose-headers"), exposed),
  );
  const safelist = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
  ];
  fc.assert(
    fc.property(
      fc.array(header, { maxLength: 8 }),
      fc.constantFrom<ResponseTainting[]>("basic", "cors", "opaque"),
      fc.constantFrom<CredentialsMode[]>("include", "omit"),
      (list, tainting, mode) => {
        const filtered = filterResponse(response(list), tainting, mode);
        const seen = filtered.headers.map(([seenName]) => byteLowercase(seenName));
        expect(seen).not.toContain("set-cookie");
        expect(seen).not.toContain("set-cookie2");
        if (tainting === "basic") return;
        const lines = list.filter(([lineName]) => byteLowercase(lineName) === "access-control-expose-headers");
        const listed = lines.flatMap(([, line]) => line.split(",")).map(byteLowercase);
        const isWild = listed.includes("*") && mode !== "include";
        const isReadable = (readable: string) => safelist.includes(readable) || listed.includes(readable) || isWild;
        expect(seen.filter((each) => !isReadable(each))).toEqual([]);
        if (tainting === "opaque") expect(seen).toEqual([]);
      },
    ),
    { numRuns: 1000 },
  );
});
