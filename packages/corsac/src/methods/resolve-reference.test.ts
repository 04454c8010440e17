import { expect, test } from "vitest";
import { resolveReference } from "./resolve-reference.ts";

const document = {
  a: { name: "a" },
  "b/c": { name: "b/c" },
  "d~e": { name: "d~e" },
  "f g": { name: "f g" },
  list: [{ name: "first" }],
  chain: { $ref: "#/a" },
  loop: { $ref: "#/loop" },
  text: "no object",
};

test.each([
  ["an object without $ref stays", { name: "own" }, { name: "own" }],
  ["a pointer", { $ref: "#/a" }, { name: "a" }],
  ["a slash is escaped as ~1", { $ref: "#/b~1c" }, { name: "b/c" }],
  ["a tilde as ~0", { $ref: "#/d~0e" }, { name: "d~e" }],
  ["percent-encoding, as in a fragment", { $ref: "#/f%20g" }, { name: "f g" }],
  ["an element of a list", { $ref: "#/list/0" }, { name: "first" }],
  ["from one reference to the next", { $ref: "#/chain" }, { name: "a" }],
  ["members beside it win", { $ref: "#/a", name: "other" }, { name: "other" }],
  ["a loop leads to nothing", { $ref: "#/loop" }, null],
  ["a name that is not there", { $ref: "#/none" }, null],
  ["an inherited name", { $ref: "#/constructor" }, null],
  ["what is no object", { $ref: "#/text" }, null],
  ["another document is not fetched", { $ref: "http://10.0.0.1/secret.json#/a" }, null],
  ["broken percent-encoding does not throw", { $ref: "#/%zz" }, null],
  ["percent-encoding that is no UTF-8 does not throw", { $ref: "#/%ff" }, null],
  ["an anchor is no pointer", { $ref: "#a" }, null],
  ["a list is no object", [], null],
  ["nothing", undefined, null],
])("%s", (_, value, want) => expect(resolveReference(value, document)).toEqual(want));

test("the whole document", () => expect(resolveReference({ $ref: "#" }, document)).toEqual(document));
