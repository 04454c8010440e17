import { describe, expect, test } from "vitest";
import type { Header } from "../header/header-list.ts";
import type { ProfileName, RedirectRules } from "../profile/profile.ts";
import { profiles } from "../profile/profiles.ts";
import { extractLocation } from "./location.ts";

const base = "https://api.example/books/1?q#part";

function locations(...values: string[]): Header[] {
  return values.map((value) => ["location", value]);
}

/** What is found: a URL, `failure` when it cannot be parsed, `none` when there is no location. */
function found(values: readonly string[], rules?: RedirectRules, from = base): string {
  const location = extractLocation(locations(...values), new URL(from), rules);
  return location === null ? "none" : (location.url?.href ?? "failure");
}

test.each([
  ["an absolute URL", "https://b.example/x#y", "https://b.example/x#y"],
  ["an absolute path", "/x", "https://api.example/x#part"],
  ["a relative path", "2", "https://api.example/books/2#part"],
  ["a query alone", "?r", "https://api.example/books/1?r#part"],
  ["a fragment alone", "#other", "https://api.example/books/1?q#other"],
  ["an empty fragment replaces the fragment", "/x#", "https://api.example/x#"],
  ["without a scheme", "//b.example/x", "https://b.example/x#part"],
  ["dot segments", "../a/./b", "https://api.example/a/b#part"],
  ["an empty value is the URL itself", "", "https://api.example/books/1?q#part"],
  ["a space is percent-encoded", "/a b", "https://api.example/a%20b#part"],
  ["backslashes are slashes", "\\\\b.example\\x", "https://b.example/x#part"],
  ["another scheme", "data:,x", "data:,x#part"],
  ["bytes from 0x80 are characters", "/caf\u00e9", "https://api.example/caf%C3%A9#part"],
  ["UTF-8 is encoded twice", "/caf\u00c3\u00a9", "https://api.example/caf%C3%83%C2%A9#part"],
  ["upper case", "HTTPS://B.EXAMPLE/X", "https://b.example/X#part"],
  ["user info is kept", "https://u:p@b.example/", "https://u:p@b.example/#part"],
  ["no host", "https://", "failure"],
  ["a bad port", "https://b.example:99999/", "failure"],
  ["a host with a space", "https://a b/", "failure"],
])("%s: %j", (_, value, want) => expect(found([value])).toBe(want));

test("no Location header", () => expect(found([])).toBe("none"));

test.each([
  ["https://api.example/", "https://api.example/x"],
  ["https://api.example/#", "https://api.example/x#"],
  ["https://api.example/#a%20b", "https://api.example/x#a%20b"],
])("the fragment of %s passes on: %s", (from, want) => expect(found(["/x"], undefined, from)).toBe(want));

test("the value is told even if it is no URL", () => {
  expect(extractLocation(locations("https://"), new URL(base))).toEqual({ value: "https://", url: null });
  expect(extractLocation(locations("/a", "/b"), new URL(base))).toEqual({ value: "/a, /b", url: null });
});

describe("profiles", () => {
  const a = "https://api.example/a#part";
  test.each<[title: string, values: string[], want: Record<ProfileName, string>]>([
    [
      "an empty Location",
      [""],
      {
        standard: "https://api.example/books/1?q#part",
        chromium: "none",
        firefox: "https://api.example/books/1?q#part",
        webkit: "failure",
      },
    ],
    ["two that are equal", ["/a", "/a"], { standard: "failure", chromium: a, firefox: a, webkit: a }],
    [
      "two that differ",
      ["/a", "/b"],
      { standard: "failure", chromium: "failure", firefox: "failure", webkit: "https://api.example/a,%20/b#part" },
    ],
    [
      "UTF-8",
      ["/caf\u00c3\u00a9"],
      {
        standard: "https://api.example/caf%C3%83%C2%A9#part",
        chromium: "https://api.example/caf%C3%A9#part",
        firefox: "https://api.example/caf%C3%A9#part",
        webkit: "https://api.example/caf%C3%83%C2%A9#part",
      },
    ],
    [
      "bytes that are no UTF-8",
      ["/\u00ff"],
      {
        standard: "https://api.example/%C3%BF#part",
        chromium: "https://api.example/%FF#part",
        firefox: "https://api.example/%FF#part",
        webkit: "https://api.example/%C3%AF%C2%BF%C2%BD#part",
      },
    ],
  ])("%s", (_, values, want) => {
    for (const { name, redirect } of Object.values(profiles)) expect(found(values, redirect), name).toBe(want[name]);
  });

  test("a Location of any length is decoded", () => {
    const long = `/${"\u00e9".repeat(200_000)}`;
    for (const { name, redirect } of Object.values(profiles)) expect(found([long], redirect), name).not.toBe("failure");
  });
});
