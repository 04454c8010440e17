import { Browser, type CorsMatchers, corsMatchers } from "@corsac/browser";
import { expect, test } from "vitest";

declare module "vitest" {
  interface Matchers<T> extends CorsMatchers<Promise<T>> {}
}
expect.extend(corsMatchers);

const api = () => new Response("[]", { headers: { "Access-Control-Allow-Origin": "https://app.example" } });

test("the bookshop may read the books, others may not", async () => {
  const browser = new Browser();
  browser.route("https://api.example", api);
  await expect(browser.open("https://app.example")).toBeAllowedTo("GET", "https://api.example/books");
  await expect(browser.open("https://evil.example")).not.toBeAllowedTo("GET", "https://api.example/books");
});
