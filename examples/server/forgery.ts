import { Browser } from "@corsac/browser";
import { definePolicy } from "@corsac/server";
import { cors, crossOriginProtection } from "@corsac/server/web";

// A strict policy: one origin, nothing else.
const policy = definePolicy({ origins: ["https://app.example"] });

const bank = async (request: Request) => {
  console.log("  the bank does:", request.method, await request.text());
  return new Response("done");
};

const evil = async (handler: (request: Request) => Promise<Response>) => {
  const browser = new Browser();
  browser.route("https://bank.example", handler);
  const page = browser.open("https://evil.example/");
  await page
    .fetch("https://bank.example/pay", { method: "POST", body: "1000" })
    .catch((error) => console.log(`  evil: ${error}`));
};

console.log("CORS alone:");
await evil(cors(policy)(bank));
console.log("CORS and cross-origin protection:");
await evil(cors(policy)(crossOriginProtection(policy)(bank)));
