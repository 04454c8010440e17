import { expect, test } from "vitest";
import type { Header } from "../header/header-list.ts";
import { webkit } from "../profile/webkit.ts";
import { type PreflightCandidate, type PreflightReason, preflightReasons } from "./preflight-reasons.ts";

interface Row extends Partial<PreflightCandidate> {
  readonly title: string;
  readonly want: readonly PreflightReason[];
}

const flag: PreflightReason = { kind: "use-cors-preflight-flag" };
const method = (name: string): PreflightReason => ({ kind: "method", method: name });
const header = (name: string): PreflightReason => ({ kind: "header", name });

const rows: Row[] = [
  { title: "GET needs none", want: [] },
  { title: "HEAD needs none", method: "HEAD", want: [] },
  { title: "POST needs none", method: "POST", want: [] },
  { title: "PUT", method: "PUT", want: [method("PUT")] },
  { title: "OPTIONS", method: "OPTIONS", want: [method("OPTIONS")] },
  { title: "methods are case-sensitive", method: "patch", want: [method("patch")] },
  { title: "CORS-safelisted headers need none", headers: [["Accept", "a/b"]], want: [] },
  {
    title: "CORS-unsafe headers, sorted, lower case, each once",
    headers: [
      ["X-B", "1"],
      ["Content-Type", "application/json"],
      ["x-b", "2"],
      ["Accept", "a/b"],
    ],
    want: [header("content-type"), header("x-b")],
  },
  {
    title: "the method comes before the headers",
    method: "PUT",
    headers: [["X", ""]],
    want: [method("PUT"), header("x")],
  },
  { title: "upload listeners", useCorsPreflight: true, want: [flag] },
  { title: "upload listeners come first", useCorsPreflight: true, method: "PUT", want: [flag, method("PUT")] },
  { title: "without unsafe-request flag nothing counts", unsafeRequest: false, method: "PUT", want: [] },
  {
    title: "without unsafe-request flag upload listeners count",
    ...{ unsafeRequest: false, useCorsPreflight: true },
    want: [flag],
  },
];

test.each(rows)("$title", ({ title: _, want, ...candidate }) => {
  const plain = { method: "GET", headers: [], unsafeRequest: true, useCorsPreflight: false };
  expect(preflightReasons({ ...plain, ...candidate })).toEqual(want);
});

test("a profile's rules decide which headers are CORS-unsafe", () => {
  const headers: Header[] = [
    ["Accept", "a".repeat(100)],
    ["Accept", "b".repeat(100)],
  ];
  const candidate = { method: "GET", headers, unsafeRequest: true, useCorsPreflight: false };
  expect(preflightReasons(candidate)).toEqual([]);
  expect(preflightReasons(candidate, webkit.requestHeaders)).toEqual([header("accept")]);
});
