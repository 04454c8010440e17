import { definePolicy } from "@corsac/server";

// Try the tighter policy out first: it is counted, and reported where it differs, but it decides nothing.
const tighter = definePolicy({ origins: ["https://app.example"] });
const policy = definePolicy({ origins: "*" }, { reportOnly: tighter });

policy.decide({ method: "GET", headers: { origin: "https://partner.example" } });
console.log(policy.counters.pass.allowed, tighter.counters.pass["origin-not-allowed"]);

// A mistake changes nothing.
const mistaken = policy.replace({ origins: ["https://app.example", "partner.example"] });
if (!mistaken.ok) console.log(mistaken.issues[0]?.suggestion, policy.toJSON());

policy.replace({ origins: ["https://app.example", "https://partner.example"] });
console.log(policy.toJSON());
