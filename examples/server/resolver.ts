import { definePolicy } from "@corsac/server";

const tenants = new Map([["https://acme.example", { active: true }]]);

const policy = definePolicy({
  // Stands for a database. What it rejects, what it does not answer in time, all that is not true, denies.
  origins: async (origin) => tenants.get(origin)?.active === true,
  resolver: { timeout: 500, cacheSeconds: 30, cacheSize: 10_000 },
  credentials: true,
});

const allowed = await policy.decide({ method: "GET", headers: { origin: "https://acme.example" } });
const denied = await policy.decide({ method: "GET", headers: { origin: "https://evil.example" } });
console.log(allowed.reason, denied.reason, denied.edits.vary);
