import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Browser } from "@corsac/browser";
import { createGateway } from "@corsac/gateway";

// The API from abroad: everybody may ask it, and it says nothing of CORS.
let asked = 0;
const abroad = createServer((_request, response) => {
  asked += 1;
  response.setHeader("Content-Type", "application/json").setHeader("Cache-Control", "max-age=600");
  response.end('{"city":"Berlin","celsius":7}');
});
await new Promise<void>((resolve) => abroad.listen(0, "127.0.0.1", resolve));
const upstream = `http://127.0.0.1:${(abroad.address() as AddressInfo).port}`;

const gateway = createGateway({
  upstream,
  policy: { origins: ["http://localhost:3000"] },
  cache: true,
  listen: { port: 0 },
});
const url = await gateway.listen();

const page = new Browser().open("http://localhost:3000/");
await page.fetch(`${upstream}/forecast`).catch((error) => console.log("from abroad:", String(error)));

const response = await page.fetch(`${url}forecast`);
console.log("through the gateway:", response.status, await response.text());

const before = asked;
const otherPage = new Browser().open("http://localhost:3000/");
console.log("another page:", (await otherPage.fetch(`${url}forecast`)).status, `asked abroad ${asked - before} times`);

const foreignPage = new Browser().open("https://evil.example/");
await foreignPage.fetch(`${url}forecast`).catch((error) => console.log("another origin:", String(error)));

await gateway.close();
abroad.close();
