import { createCrossOriginProtection } from "@corsac/server/cross-origin-protection";

const protection = createCrossOriginProtection({ reportOnly: true, log: console.log });

const headers = { host: "app.example", origin: "https://evil.example", "sec-fetch-site": "cross-site" };
const verdict = protection.check({ method: "POST", url: "/transfer", headers });

console.log(verdict.ok, protection.counters.reported["sec-fetch-site"]);
