import { parsePolicy } from "@corsac/server";

const file = `{
  "origins": ["https://Example.com/", "*.example.com", "https://*.github.io"],
  "credentials": true,
  "allowedHeaders": ["Content-Type"],
  "methods": ["patch"]
}`;

const parsing = parsePolicy(JSON.parse(file));
if (!parsing.ok) for (const { path, message } of parsing.issues) console.log(`${path.join(".")}: ${message}`);
