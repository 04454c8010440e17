import { definePolicy } from "@corsac/server";

const policy = definePolicy({
  origins: ["https://app.example", "https://*.shop.example", "http://localhost:*"],
  credentials: true,
  methods: ["PUT", "DELETE"],
  requestHeaders: ["Content-Type"],
  maxAge: 600,
});

const ask = (origin: string, method: string) =>
  policy.decide({ method: "OPTIONS", headers: { origin, "access-control-request-method": method } });

const granted = ask("https://berlin.shop.example", "PUT");
console.log(granted.kind, granted.edits.set);

const refused = ask("https://berlin.shop.example", "PATCH");
console.log(refused.kind, refused.edits.set, refused.explain());
