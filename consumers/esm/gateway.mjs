// A stranger's gateway: before an API that says nothing of CORS, without any of the optional stores.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Browser } from "@corsac/browser";
import { createGateway, GatewayConfigurationError, parseGatewayOptions } from "@corsac/gateway";
import schema from "@corsac/gateway/gateway.schema.json" with { type: "json" };

const app = "https://app.example";
let asked = 0;
const upstream = createServer((_, response) => {
  asked += 1;
  response.setHeader("Cache-Control", "max-age=60").end("hello");
});
await new Promise((resolve) => upstream.listen(0, "127.0.0.1", resolve));
const api = `http://127.0.0.1:${upstream.address().port}/`;

const gateway = createGateway({ upstream: api, policy: { origins: [app] }, cache: true, listen: { port: 0 } });
const url = await gateway.listen();
const read = async (origin, target) => (await new Browser().open(origin).fetch(target)).text();
await assert.rejects(read(app, api), TypeError);
asked = 0;
assert.deepEqual([await read(app, url), await read(app, url), asked], ["hello", "hello", 1]);
await assert.rejects(read("https://evil.example", url), TypeError);
await gateway.close();
upstream.close();
upstream.closeAllConnections();

const mock = createGateway({ mock: { body: { title: "Solaris" } }, policy: null });
assert.deepEqual(await (await mock.fetch(new Request("http://localhost/"))).json(), { title: "Solaris" });
await mock.close();

assert.throws(() => createGateway({ upstream: "api.example", policy: null }), GatewayConfigurationError);
assert.equal(parseGatewayOptions({ upstream: api, policy: null }).ok, true);
assert.equal(typeof schema.properties.upstream, "object");
