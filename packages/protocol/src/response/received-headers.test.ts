import { describe, expect, test } from "vitest";
import type { Header } from "../header/header-list.ts";
import { profiles } from "../profile/profiles.ts";
import { receivedHeaders } from "./received-headers.ts";

describe("Firefox", () => {
  test.each<[title: string, name: string, lines: string[], want: string[]]>([
    ["an empty line after another leaves no trace", "X-A", ["1", "", "2"], ["1", "2"]],
    ["nor does one before", "X-A", ["", "1"], ["1"]],
    ["a single empty line stays", "X-A", [""], [""]],
    ["two empty lines are one", "X-A", ["", ""], [""]],
    ["types are joined without a space", "Content-Type", ["a/b", "c/d"], ["a/b,c/d"]],
    ["an empty type counts when it comes later", "Content-Type", ["a/b", ""], ["a/b,"]],
    ["an empty type does not count when it comes first", "Content-Type", ["", "a/b"], ["a/b"]],
    ["each Access-Control-Allow-Origin counts", "Access-Control-Allow-Origin", ["*", ""], ["*", ""]],
    ["each Set-Cookie is one", "Set-Cookie", ["a=1", ""], ["a=1", ""]],
  ])("%s", (_, name, lines, want) => {
    const headers = lines.map((value): Header => [name, value]);
    const received = receivedHeaders(headers, profiles.firefox.response);
    expect(received.map(([, value]) => value)).toEqual(want);
    expect(receivedHeaders(headers, profiles.standard.response)).toBe(headers);
  });

  test("names are compared without case", () => {
    const headers: Header[] = [
      ["X-A", ""],
      ["x-a", "1"],
    ];
    expect(receivedHeaders(headers, profiles.firefox.response)).toEqual([["x-a", "1"]]);
  });
});

test("Chromium ignores whitespace between a name and its colon", () => {
  const headers: Header[] = [["X-A \t", "1"]];
  expect(receivedHeaders(headers, profiles.chromium.response)).toEqual([["X-A", "1"]]);
  expect(receivedHeaders(headers, profiles.standard.response)).toBe(headers);
});
