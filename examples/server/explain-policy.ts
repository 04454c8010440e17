import { definePolicy, explainPolicy } from "@corsac/server";

const policy = definePolicy({
  origins: ["https://app.example", "https://*.shop.example"],
  credentials: true,
  requestHeaders: "*",
  maxAge: 3600,
});
console.log(explainPolicy(policy));
