import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { definePolicy, type PolicyOptions } from "../src/index.ts";
import { optionNames } from "../src/policy/option-names.ts";
import { invalidRows, validRows } from "./policy-rows.ts";

const schema = JSON.parse(readFileSync(new URL("../policy.schema.json", import.meta.url), "utf8"));
const validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true }).compile(schema);

function accepts(json: unknown): boolean {
  return validate(json) === true;
}

describe("policy.schema.json", () => {
  test.each(validRows)("accepts what parsePolicy accepts: $title", ({ json }) => {
    accepts(json);
    expect(validate.errors ?? []).toEqual([]);
  });

  test.each(validRows)("accepts what a policy writes: $title", ({ json }) => {
    expect(accepts(JSON.parse(JSON.stringify(definePolicy(json as PolicyOptions))))).toBe(true);
  });

  test.each(invalidRows)("refuses what parsePolicy refuses, where it can: $title", ({ json, beyondSchema }) => {
    expect(accepts(json)).toBe(beyondSchema !== undefined);
  });

  test("knows the options that a file can have", () => {
    const names = optionNames.policy.filter((name) => name !== "resolver");
    expect(Object.keys(schema.properties).sort()).toEqual([...names].sort());
    expect(Object.keys(schema.properties.dangerously.properties).sort()).toEqual([...optionNames.dangerously].sort());
  });
});
