import { Browser, type RouteHandler } from "@corsac/browser";
import type { FetchOutcome } from "@corsac/protocol";

/** Lets a page of the shop and a page of somebody else ask an API for the same, and prints what comes of it. */
export async function visit(api: RouteHandler): Promise<void> {
  const browser = new Browser();
  browser.route("https://api.example", api);
  const url = "https://api.example/books/Dune";
  for (const origin of ["https://shop.example", "https://evil.example"]) {
    const page = browser.open(`${origin}/`);
    const headers = { "Content-Type": "application/json" };
    const put = await page.attempt(url, { method: "PUT", headers, body: '{"stars":5}' });
    const form = await page.submit({ action: url, method: "post", fields: [["stars", "5"]] });
    console.log(`${origin}: PUT ${summary(put)}, form ${summary(form.outcome)}`);
  }
}

function summary(outcome: FetchOutcome): string {
  if (outcome.kind === "response") return String(outcome.response.internal.status);
  return `blocked (${outcome.problem.stage}: ${outcome.problem.code})`;
}
