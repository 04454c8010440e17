import { createCrossOriginProtection } from "@corsac/server/cross-origin-protection";

// The browser knows this application as https://app.example; the proxy passes requests on to 127.0.0.1:3000. Without
// Sec-Fetch-Site (on plain http, or from an old browser) Origin and Host are all there is, and they differ.
const request = {
  method: "POST",
  url: "/books",
  headers: { host: "127.0.0.1:3000", origin: "https://app.example", "x-forwarded-host": "app.example" },
};

const verdict = createCrossOriginProtection({ log: console.log }).check(request);
if (!verdict.ok) console.log(verdict.status, verdict.code, verdict.changes);

for (const options of [{ publicOrigins: ["https://app.example"] }, { trustProxy: true }]) {
  console.log(options, createCrossOriginProtection(options).check(request).ok);
}
