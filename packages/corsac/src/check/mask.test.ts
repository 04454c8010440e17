import { describe, expect, test } from "vitest";
import { maskHeader, maskUrl, maskUserInfo } from "./mask.ts";

describe("maskHeader", () => {
  test.each([
    ["Authorization", "Bearer eyJhbGciOi", "Bearer ****"],
    ["Authorization", "secret", "****"],
    ["Cookie", "sid=abc; theme=dark", "sid=****; theme=****"],
    ["Set-Cookie", "sid=abc; Path=/; HttpOnly", "sid=****; Path=/; HttpOnly"],
    ["X-Api-Key", "abc", "****"],
    ["apikey", "abc", "****"],
    [
      "Location",
      "https://me:pw@api.example/?access_token=abc&page=2",
      "https://****@api.example/?access_token=****&page=2",
    ],
    ["Content-Type", "text/html", "text/html"],
    ["Access-Control-Allow-Origin", "https://app.example", "https://app.example"],
  ])("%s: %s", (name, value, masked) => {
    expect(maskHeader(name, value)).toBe(masked);
  });
});

describe("maskUrl", () => {
  test.each([
    ["https://api.example/?token=abc", "https://api.example/?token=****"],
    ["https://api.example/?q=token&sig=1#x", "https://api.example/?q=token&sig=****#x"],
    ["https://api.example/token/abc", "https://api.example/token/abc"],
    ["https://api.example/?token=", "https://api.example/?token="],
  ])("%s", (url, masked) => {
    expect(maskUrl(url)).toBe(masked);
  });

  test("user names and passwords in running text", () => {
    expect(maskUserInfo("redirection URL http://user:pw@host/ has credentials, mail a@b")).toBe(
      "redirection URL http://****@host/ has credentials, mail a@b",
    );
  });
});
