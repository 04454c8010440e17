import { expect, test } from "vitest";
import { Browser } from "./browser.ts";
import { type CorsMatchers, corsMatchers } from "./matchers.ts";

declare module "vitest" {
  interface Matchers<T> extends CorsMatchers<Promise<T>> {}
}

expect.extend(corsMatchers);

const browser = new Browser();
browser.route("https://api.example", ({ method, headers }) => {
  const permission = { "Access-Control-Allow-Origin": "https://app.example", "Access-Control-Allow-Methods": "PUT" };
  return new Response(null, {
    headers: headers.get("origin") === "https://app.example" ? permission : {},
    status: method === "TRACE" ? 405 : 200,
  });
});

test("toBeAllowedTo sends the request and tells why it is blocked", async () => {
  await expect(browser.open("https://app.example")).toBeAllowedTo("PUT", "https://api.example/books/Dune");
  await expect(browser.open("https://app.example")).not.toBeAllowedTo("DELETE", "https://api.example/books/Dune");
  const failing = expect(browser.open("https://evil.example")).toBeAllowedTo("GET", "https://api.example/books");
  await expect(failing).rejects.toThrow(
    /https:\/\/evil\.example to GET .* at the response stage: .*\(allow-origin-missing\)/,
  );
});
