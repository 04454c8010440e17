import assert from "node:assert/strict";
import { createServer } from "node:http";
import * as browser from "@corsac/browser";
import { Browser } from "@corsac/browser";
import * as gateway from "@corsac/gateway";
import * as protocol from "@corsac/protocol";
import * as policies from "@corsac/server";
import schema from "@corsac/server/policy.schema.json" with { type: "json" };
import * as corsac from "corsac";

for (const [name, exports] of Object.entries({ protocol, policies, browser, gateway, corsac })) {
  assert.equal("default" in exports, false, `${name} has a default export`);
}

const policy = policies.definePolicy({ origins: ["https://*.app.example"], credentials: true });
const { reason } = policy.decide({ method: "GET", headers: { origin: "https://www.app.example" } });
assert.equal(reason, "allowed");
assert.throws(
  () => policies.definePolicy({ origins: ["https://*.github.io"], credentials: true }),
  policies.PolicyError,
);
assert.deepEqual(schema.required, ["origins"]);

const server = createServer((request, response) => {
  if (request.url === "/open") response.setHeader("Access-Control-Allow-Origin", "*");
  response.end("hello");
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const api = `http://127.0.0.1:${server.address().port}`;

const page = new Browser().open("https://app.example/");
assert.equal(await (await page.fetch(`${api}/open`)).text(), "hello");
await assert.rejects(page.fetch(`${api}/closed`), TypeError);

server.close();
server.closeAllConnections();
