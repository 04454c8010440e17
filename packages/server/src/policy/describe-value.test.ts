import { expect, test } from "vitest";
import { describeValue } from "./describe-value.ts";

test.each([
  { value: 'a "quoted"\nline', want: '"a \\"quoted\\"\\nline"' },
  { value: "x".repeat(100), want: `"${"x".repeat(80)}…"` },
  { value: 1.5, want: "1.5" },
  { value: true, want: "true" },
  { value: undefined, want: "undefined" },
  { value: null, want: "null" },
  { value: 1n, want: "a bigint" },
  { value: () => 1, want: "a function" },
  { value: Symbol("s"), want: "a symbol" },
  { value: [1, 2], want: "a list of 2" },
  { value: new Map(), want: "an object (Map)" },
  { value: Object.create(null), want: "an object (Object)" },
])("$want", ({ value, want }) => expect(describeValue(value)).toBe(want));
