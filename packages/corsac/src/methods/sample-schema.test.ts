import { describe, expect, test } from "vitest";
import { sampleSchema } from "./sample-schema.ts";

const document = {
  components: {
    schemas: {
      Name: { type: "string", examples: ["Dune"] },
      Tree: { type: "object", properties: { child: { $ref: "#/components/schemas/Tree" } } },
    },
  },
};

test.each([
  ["a reference", { $ref: "#/components/schemas/Name" }, "Dune"],
  ["the example", { type: "string", example: "Emma" }, "Emma"],
  ["a constant", { const: 7 }, 7],
  ["the first of a list of values", { enum: ["dark", "light"] }, "dark"],
  ["a number at its minimum", { type: "integer", minimum: 5 }, 5],
  ["a number above an exclusive minimum", { type: "integer", exclusiveMinimum: 5 }, 6],
  ["a text that is long enough", { type: "string", minLength: 8 }, "corsac--"],
  ["a text that is short enough", { type: "string", maxLength: 3 }, "cor"],
  ["a date", { type: "string", format: "date" }, "2026-01-31"],
  ["the type that is not null, as in 3.1", { type: ["null", "boolean"] }, true],
  ["as many items as there have to be", { type: "array", minItems: 2, items: { const: 1 } }, [1, 1]],
  [
    "the parts of allOf together",
    { allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } } }] },
    { a: 1, b: 2 },
  ],
  ["the first of oneOf that is not null", { oneOf: [{ type: "null" }, { const: 3 }] }, 3],
  ["no member that only the server sets", { properties: { id: { readOnly: true }, a: { const: 1 } } }, { a: 1 }],
  [
    "the example of an object, completed",
    { properties: { a: {}, b: { const: 2 } }, example: { a: "x" } },
    { a: "x", b: 2 },
  ],
])("%s", (_, schema, want) => expect(sampleSchema(schema, document)).toEqual(want));

test("required members only, when asked", () => {
  const schema = { required: ["a"], properties: { a: { const: 1 }, b: { const: 2 } } };
  expect(sampleSchema(schema, document, { requiredOnly: true })).toEqual({ a: 1 });
});

test("a schema that contains itself comes to an end", () => {
  expect(JSON.stringify(sampleSchema({ $ref: "#/components/schemas/Tree" }, document)).length).toBeLessThan(200);
});

describe("a variant is another value that the schema allows", () => {
  test.each([
    ["a text", { type: "string", example: "Dune" }, {}, "Dune 3"],
    ["a text with a limit", { type: "string", example: "Solaris", maxLength: 8 }, {}, "Solari 3"],
    ["a text that has to stay", { type: "string", example: "Dune" }, { keepTexts: true }, "Dune"],
    ["a number", { type: "integer", example: 412 }, {}, 415],
    ["a number with limits", { type: "integer", example: 2, minimum: 1, maximum: 3 }, {}, 3],
    ["a number that has no other", { type: "integer", example: 1, minimum: 1, maximum: 1 }, {}, 1],
    ["a multiple", { type: "integer", example: 10, minimum: 0, multipleOf: 5 }, {}, 25],
    ["one of a list stays", { enum: ["dark", "light"] }, {}, "dark"],
    ["a text with a pattern stays", { type: "string", pattern: "^D", example: "Dune" }, {}, "Dune"],
  ])("%s", (_, schema, options, want) => {
    expect(sampleSchema(schema, document, { variant: 3, ...options })).toBe(want);
  });
});
