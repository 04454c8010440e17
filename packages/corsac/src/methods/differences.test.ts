import { describe, expect, test } from "vitest";
import { differences } from "./differences.ts";
import type { Answer } from "./wire.ts";

function answer(value: unknown, rest: Partial<Answer> & { headers?: [string, string][] } = {}): Answer {
  const { headers = [], ...more } = rest;
  return {
    ...{ method: "GET", url: "http://localhost/", sentHeaders: [], status: 200, isCut: false, failure: null },
    text: JSON.stringify(value),
    ...more,
    headers: [["Content-Type", "application/json"], ...headers],
  };
}

describe("what somebody has changed", () => {
  test.each([
    ["a member", { reads: 1 }, { reads: 2 }, [{ at: "reads", before: 1, after: 2 }]],
    ["a member within", { a: [{ b: 1 }] }, { a: [{ b: 2 }] }, [{ at: "a[0].b", before: 1, after: 2 }]],
    ["a member that is new", {}, { a: 1 }, [{ at: "a", before: undefined, after: 1 }]],
    ["a list, by its length", { items: [1, 2] }, { items: [2] }, [{ at: "items.length", before: 2, after: 1 }]],
    ["a state", { state: "open" }, { state: "done" }, [{ at: "state", before: "open", after: "done" }]],
    [
      "a word that ends like a clock",
      { update: "no" },
      { update: "yes" },
      [{ at: "update", before: "no", after: "yes" }],
    ],
    ["items do not end in milliseconds", { items: 1 }, { items: 2 }, [{ at: "items", before: 1, after: 2 }]],
  ])("%s", (_, before, after, want) => expect(differences(answer(before), answer(after))).toEqual(want));

  test("the status hides the rest", () => {
    expect(differences(answer({ a: 1 }), answer({ a: 2 }, { status: 404 }))).toEqual([
      { at: "status", before: 200, after: 404 },
    ]);
  });

  test("a validator, where the content is the same", () => {
    const tagged = (tag: string) => answer({}, { headers: [["ETag", tag]] });
    expect(differences(tagged('"1"'), tagged('"2"'))).toEqual([{ at: "ETag", before: '"1"', after: '"2"' }]);
  });
});

describe("what changes by itself", () => {
  test.each([
    ["a time", { servedAt: "2026-01-31T12:00:00Z" }, { servedAt: "2026-01-31T12:00:01Z" }],
    ["a clock under another name", { seen: "2026-01-31T12:00:00Z" }, { seen: "2026-01-31T12:00:01Z" }],
    ["milliseconds since 1970", { x: 1_767_225_600_000 }, { x: 1_767_225_600_123 }],
    ["an id of the request", { requestId: "a" }, { requestId: "b" }],
    ["a random id", { x: "8e03978e-40d5-43dd-bc93-6894a57f9324" }, { x: "0b8f5c9e-1111-4222-8333-944445555666" }],
    ["chance", { random: 0.1 }, { random: 0.2 }],
    ["a version", { a: { version: 1 } }, { a: { version: 2 } }],
  ])("%s", (_, before, after) => expect(differences(answer(before), answer(after))).toEqual([]));

  test("an answer that did not come says nothing", () => {
    const failed = answer({}, { status: 0, failure: { reason: "timeout", message: "" } });
    expect(differences(answer({}), failed)).toEqual([]);
  });
});
