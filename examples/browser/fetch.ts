import { Browser } from "@corsac/browser";

const browser = new Browser({ profile: "chromium" });

// A handler stands in for the network: no DNS, no socket, the real names.
browser.route("https://api.example", (request) => {
  if (request.method === "OPTIONS") {
    const allowed = { "Access-Control-Allow-Origin": "https://app.example", "Access-Control-Allow-Methods": "PUT" };
    return new Response(null, { status: 204, headers: allowed });
  }
  return new Response("saved", { headers: { "Access-Control-Allow-Origin": "https://app.example" } });
});

const page = browser.open("https://app.example/");
const response = await page.fetch("https://api.example/books/Dune", { method: "PUT" });
console.log(response.type, await response.text());

await page.fetch("https://api.example/books/Dune", { method: "DELETE" }).catch((error) => console.log(String(error)));
console.log(page.inspector.problems[0]);
