import { expect, test } from "vitest";
import { isSecretField, isSecretName, redactContent, redactField, redactTarget } from "./redact.ts";

test.each([
  "authorization",
  "cookie",
  "set-cookie",
  "x-api-key",
  "apikey",
  "x-auth-token",
  "x-amz-security-token",
  "ocp-apim-subscription-key",
  "x-csrf-token",
  "x-goog-api-key",
  "private-token",
  "x-client-secret",
])("%s is a secret", (name) => expect(isSecretField(name)).toBe(true));

test.each([
  "accept",
  "content-type",
  "etag",
  "idempotency-key",
  "keep-alive",
  "monkey",
  "origin",
  "sec-websocket-key",
  "user-agent",
  "x-request-id",
])("%s is none", (name) => expect(isSecretField(name)).toBe(false));

test.each([
  ["appid", true],
  ["api_key", true],
  ["apiKey", true],
  ["access_token", true],
  ["code", true],
  ["X-Amz-Signature", true],
  ["auth[token]", true],
  ["city", false],
  ["tokenize", false],
  ["keyword", false],
  ["page", false],
])("the parameter %s: %s", (name, isSecret) => expect(isSecretName(name)).toBe(isSecret));

test.each([
  ["authorization", "Bearer abc.def", "Bearer redacted"],
  ["authorization", "abc", "redacted"],
  ["cookie", "sid=abc; theme=dark", "sid=redacted; theme=redacted"],
  ["set-cookie", "sid=a=b; Path=/; HttpOnly", "sid=redacted; Path=/; HttpOnly"],
  ["x-api-key", "abc", "redacted"],
  ["location", "/cb?code=abc&state=1", "/cb?code=redacted&state=1"],
  ["accept", "text/html", "text/html"],
])("%s: %s becomes %s", (name, value, shown) => expect(redactField(name, value)).toBe(shown));

test.each([
  ["/v1/forecast?q=Berlin&appid=abc#x", "/v1/forecast?q=Berlin&appid=redacted#x"],
  ["/?access%5Ftoken=abc", "/?access%5Ftoken=redacted"],
  ["/?%zz=1&key=", "/?%zz=1&key=redacted"],
  ["/books", "/books"],
  ["/https://me:abc@api.example/x?q=1", "/https://redacted@api.example/x?q=1"],
  ["/https:/me@api.example/", "/https://redacted@api.example/"],
  ["/a@b", "/a@b"],
])("%s becomes %s", (target, shown) => expect(redactTarget(target)).toBe(shown));

test.each([
  ["application/x-www-form-urlencoded", "user=me&password=abc", "user=me&password=redacted"],
  [
    "application/json",
    '{"key":"a","user":{"password":"a\\"b","accessToken": 12}}',
    '{"key":"a","user":{"password":"redacted","accessToken": "redacted"}}',
  ],
  ["application/vnd.api+json", '{"refresh_token":"cut sh', '{"refresh_token":"redacted"'],
  [
    "application/json",
    '["password", "abc", {"title" : "a\\\\", "secret" : [1]}, "\\',
    '["password", "abc", {"title" : "a\\\\", "secret" : [1]}, "\\',
  ],
  ["text/plain", "password=abc", "password=abc"],
])("content of %s", (type, text, shown) => expect(redactContent(type, text)).toBe(shown));

test.each([
  ["application/x-www-form-urlencoded", "a"],
  ["application/x-www-form-urlencoded", "a&"],
  ["application/json", '\\"'],
  ["application/json", '"'],
  ["application/json", '"a" '],
  ["application/json", '{"password":'],
])("much of it takes no longer than its length: %s, %j", (type, piece) => {
  const text = piece.repeat(500_000);
  expect(redactContent(type, text).length).toBeGreaterThan(0);
  expect(redactTarget(`/?${text}`).length).toBeGreaterThan(0);
});
