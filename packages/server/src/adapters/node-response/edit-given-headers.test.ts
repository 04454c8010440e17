import { describe, expect, test } from "vitest";
import type { HeaderEdits } from "../../decision/decision.ts";
import { editGivenHeaders } from "./edit-given-headers.ts";
import type { GivenHeaders } from "./node-response.ts";

const edits: HeaderEdits = {
  set: [["access-control-allow-origin", "https://app.example"]],
  remove: ["access-control-allow-credentials"],
  vary: ["Origin"],
};

describe("headers that an application gives are edited in the form they have", () => {
  test.each<[title: string, given: GivenHeaders, existingVary: string | null, want: GivenHeaders]>([
    [
      "by name, in any case",
      { "Access-Control-Allow-Origin": "*", "ACCESS-CONTROL-ALLOW-CREDENTIALS": "true", ETag: '"1"' },
      null,
      { ETag: '"1"', "access-control-allow-origin": "https://app.example", vary: "Origin" },
    ],
    [
      "Vary among them replaces Vary set before",
      { VARY: ["Accept", "Cookie"] },
      "Accept-Encoding",
      { "access-control-allow-origin": "https://app.example", vary: "Accept,Cookie, Origin" },
    ],
    [
      "Vary set before is merged when they have none",
      {},
      "Accept-Encoding",
      { "access-control-allow-origin": "https://app.example", vary: "Accept-Encoding, Origin" },
    ],
    [
      "name and value in turn",
      ["X-A", 1, "Access-Control-Allow-Credentials", "true", "Vary", "Accept", "vary", "Cookie"],
      null,
      ["X-A", 1, "access-control-allow-origin", "https://app.example", "vary", "Accept, Cookie, Origin"],
    ],
    [
      "in pairs",
      [
        ["Set-Cookie", "a=1"],
        ["Set-Cookie", "b=2"],
        ["access-control-allow-origin", "*"],
      ],
      null,
      [
        ["Set-Cookie", "a=1"],
        ["Set-Cookie", "b=2"],
        ["access-control-allow-origin", "https://app.example"],
        ["vary", "Origin"],
      ],
    ],
    ["an empty list", [], null, ["access-control-allow-origin", "https://app.example", "vary", "Origin"]],
  ])("%s", (_, given, existingVary, want) => {
    const before = structuredClone(given);
    expect(editGivenHeaders(given, edits, existingVary)).toEqual(want);
    expect(given).toEqual(before);
  });
});

test("without names to vary by, Vary stays", () => {
  const set = { ...edits, vary: [] };
  expect(editGivenHeaders({ Vary: "Accept" }, set, null)).toMatchObject({ vary: "Accept" });
  expect(editGivenHeaders({}, set, null)).not.toHaveProperty("vary");
});
