import { createServer } from "node:http";
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

test("a response that the page cannot read is none that it is allowed", async () => {
  const page = browser.open("https://app.example");
  const opaque = expect(page).toBeAllowedTo("GET", "https://api.example/books", { mode: "no-cors" });
  await expect(opaque).rejects.toThrow("to be allowed, but the response is opaque");
});

test("no connection is left waiting for a reader", async () => {
  const server = createServer((_, response) =>
    response.writeHead(200, { "Access-Control-Allow-Origin": "*" }).end("x".repeat(10_000_000)),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await expect(browser.open("https://app.example")).toBeAllowedTo("GET", `http://localhost:${port}/`);
  await new Promise((resolve) => server.close(resolve));
});
