import { Browser } from "@corsac/browser";

const browser = new Browser();
browser.route("https://bank.example", async (request) => {
  console.log(request.method, await request.text(), "| cookie:", request.headers.get("cookie"));
  return new Response("done");
});

// The user is logged in: one cookie forgot what it is for, one did not.
browser.cookieJar.set(new URL("https://bank.example/"), "careless=1; SameSite=None; Secure");
browser.cookieJar.set(new URL("https://bank.example/"), "careful=1; SameSite=Strict; Secure");

// CORS does not stop a form from being sent.
const evil = browser.open("https://evil.example/");
await evil.submit({ action: "https://bank.example/transfer", method: "post", fields: [["amount", "1000"]] });
