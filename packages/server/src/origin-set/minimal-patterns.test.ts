import fc from "fast-check";
import { expect, test } from "vitest";
import { minimalPatterns } from "./minimal-patterns.ts";
import type { OriginPattern } from "./origin-pattern.ts";
import { createOriginSet } from "./origin-set.ts";

const hosts = ["example", "a.example", "b.a.example", "c.b.a.example", "x.example"];
const ports = [null, 1, 2];

const pattern: fc.Arbitrary<OriginPattern> = fc.record({
  scheme: fc.constantFrom("https", "http"),
  host: fc.constantFrom(...hosts),
  subdomains: fc.boolean(),
  port: fc.constantFrom(...ports, "*" as const),
});

/** Every origin that the patterns above can tell apart. */
const origins = ["https", "http"].flatMap((scheme) =>
  [...hosts, ...hosts.map((host) => `y.${host}`)].flatMap((host) =>
    [...ports, 3].map((port) => `${scheme}://${host}${port === null ? "" : `:${port}`}`),
  ),
);

function members(patterns: readonly OriginPattern[]): string[] {
  const { exact, matchesPattern } = createOriginSet(patterns);
  return origins.filter((origin) => exact.has(origin) || matchesPattern(origin));
}

test("what is left means the same", () => {
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 8 }), (patterns) => {
      expect(members(minimalPatterns(patterns))).toEqual(members(patterns));
    }),
  );
});

test("nothing of what is left is covered by another", () => {
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 8 }), (patterns) => {
      const minimal = minimalPatterns(patterns);
      for (const one of minimal) {
        // Several may cover it together, never one alone.
        const isCoveredByOne = minimal.some(
          (other) => other !== one && members([one]).every((origin) => members([other]).includes(origin)),
        );
        expect({ one, isCoveredByOne }).toEqual({ one, isCoveredByOne: false });
      }
    }),
    { numRuns: 50 },
  );
});
