import { definePolicy } from "@corsac/server";
import { fromExpressCors } from "@corsac/server/migrate";

const options = {
  origin: [/shop\.example$/, new Set(["https://partner.example"]), "http://localhost:3000/"],
  credentials: true,
  allowHeaders: ["Content-Type"],
};

const { policy, findings } = fromExpressCors(options);
for (const { severity, path, message } of findings) {
  if (severity !== "difference") console.log(`${severity}, ${path.join(".")}: ${message}`);
}
if (policy !== null) console.log(definePolicy(policy).options);
