import { expect, test } from "vitest";
import { isCorsSafelistedResponseHeaderName, isForbiddenResponseHeaderName } from "./response-header.ts";

test.each([
  ["Set-Cookie", true],
  ["SET-COOKIE2", true],
  ["Set-Cookie3", false],
  ["Cookie", false],
])("forbidden response-header name: %s %s", (name, want) => expect(isForbiddenResponseHeaderName(name)).toBe(want));

test.each([
  ["the safelist needs no exposing", "Cache-Control", [], true],
  ["Content-Language", "content-language", [], true],
  ["Content-Length", "Content-Length", [], true],
  ["Content-Type", "CONTENT-TYPE", [], true],
  ["Expires", "Expires", [], true],
  ["Last-Modified", "Last-Modified", [], true],
  ["Pragma", "Pragma", [], true],
  ["not Date", "Date", [], false],
  ["not ETag", "ETag", ["X-A"], false],
  ["exposed, compared without case", "ETag", ["X-A", "etag"], true],
  ["a forbidden name cannot be exposed", "Set-Cookie", ["set-cookie"], false],
  ["* is a name like others here", "X-A", ["*"], false],
  ["a header named * that is exposed", "*", ["*"], true],
  ["exposing Authorization is possible", "authorization", ["Authorization"], true],
])("%s", (_, name, exposed, want) => expect(isCorsSafelistedResponseHeaderName(name, exposed)).toBe(want));
