import { expect, test } from "vitest";
import { parseCacheDirectives } from "./cache-directives.ts";
import { responseFacts } from "./response-facts.ts";
import { decideReuse, mayServeIfError } from "./reuse.ts";

function facts(cacheControl: string) {
  return responseFacts({ status: 200, headers: { "cache-control": cacheControl }, requestTime: 0, responseTime: 0 });
}

test.each([
  { response: "max-age=60", age: 59, want: "fresh" },
  { response: "max-age=60", age: 60, want: "stale" },
  { response: "max-age=0", age: 0, want: "stale" },
  { response: "max-age=60, no-cache", age: 0, want: "response-no-cache" },
  { response: 'max-age=60, no-cache="a"', age: 0, want: "fresh" },
  { response: "max-age=60, immutable", age: 61, want: "stale" },
  { response: "max-age=60", request: "no-cache", age: 0, want: "request-no-cache" },
  { response: "max-age=60", request: "max-age=10", age: 10, want: "fresh" },
  { response: "max-age=60", request: "max-age=10", age: 11, want: "request-max-age" },
  { response: "max-age=60", request: "max-age=x", age: 0, want: "request-max-age" },
  { response: "max-age=60", request: "min-fresh=30", age: 30, want: "fresh" },
  { response: "max-age=60", request: "min-fresh=30", age: 31, want: "request-min-fresh" },
  { response: "max-age=60", request: "max-stale=10", age: 70, want: "max-stale" },
  { response: "max-age=60", request: "max-stale=10", age: 71, want: "stale" },
  { response: "max-age=60", request: "max-stale", age: 9999, want: "max-stale" },
  { response: "max-age=60, must-revalidate", request: "max-stale", age: 61, want: "stale" },
  { response: "s-maxage=60", request: "max-stale", age: 61, want: "stale" },
  { response: "max-age=60, stale-while-revalidate=10", age: 69, want: "stale-while-revalidate" },
  { response: "max-age=60, stale-while-revalidate=10", age: 70, want: "stale" },
  { response: "max-age=60, stale-while-revalidate=10", request: "max-age=5", age: 65, want: "request-max-age" },
  { response: "max-age=60", request: "nothing-known", age: 0, want: "fresh" },
])("$response, asked with $request at $age s: $want", ({ response, request, age, want }) => {
  const directives = request === undefined ? null : parseCacheDirectives(request);
  expect(decideReuse(facts(response), directives, age * 1000)).toBe(want);
});

test.each([
  { response: "max-age=60, stale-if-error=10", age: 69, want: true },
  { response: "max-age=60, stale-if-error=10", age: 70, want: false },
  { response: "max-age=60", age: 61, want: false },
  { response: "max-age=60", request: "stale-if-error=10", age: 61, want: true },
  { response: "max-age=60, must-revalidate", request: "stale-if-error=10", age: 61, want: false },
  { response: "max-age=60, stale-if-error=10, no-cache", age: 5, want: false },
  { response: "max-age=60, stale-if-error=10", request: "no-cache", age: 65, want: false },
])("an error, $response, asked with $request at $age s: stale $want", ({ response, request, age, want }) => {
  const directives = request === undefined ? null : parseCacheDirectives(request);
  expect(mayServeIfError(facts(response), directives, age * 1000)).toBe(want);
});
