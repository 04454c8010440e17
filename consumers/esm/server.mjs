// What a stranger gets of @corsac/server below its main export, without any framework installed.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createCrossOriginProtection } from "@corsac/server/cross-origin-protection";
import { createMemoryStore } from "@corsac/server/idempotency";
import { fromExpressCors } from "@corsac/server/migrate";
import * as node from "@corsac/server/node";
import { PreconditionFailedError } from "@corsac/server/resource";
import { assertUnsafeMethod, SafeMethodError } from "@corsac/server/safe-method";
import * as web from "@corsac/server/web";

const names = ["cors", "crossOriginProtection", "idempotencyKey", "resource", "safeMethods"];
for (const framework of ["express", "fastify", "hono", "koa", "next", "node", "web"]) {
  const adapter = await import(`@corsac/server/${framework}`);
  for (const name of names) assert.equal(typeof adapter[name], "function", `${framework} has no ${name}`);
}
for (const [store, name] of [
  ["postgres", "createPostgresStore"],
  ["redis", "createRedisStore"],
  ["sqlite", "createSqliteStore"],
]) {
  const module = await import(`@corsac/server/idempotency/${store}`);
  assert.equal(typeof module[name], "function", `${store} has no ${name}`);
}
assert.equal(typeof PreconditionFailedError, "function");

const app = "https://app.example";
const { policy, findings } = fromExpressCors({ origin: [app], methods: ["PUT"], allowedHeaders: ["Idempotency-Key"] });
assert.notEqual(policy, null);
assert.ok(Array.isArray(findings));

const protection = createCrossOriginProtection({ trustedOrigins: [app] });
const refused = { method: "POST", headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" } };
assert.equal(protection.check({ ...refused, url: "/" }).ok, false);

let books = 0;
const handler = web.cors(policy)(
  web.crossOriginProtection(protection)(
    web.idempotencyKey({ store: createMemoryStore() })(
      web.resource({
        GET: () => {
          assert.throws(() => assertUnsafeMethod("a book"), SafeMethodError);
          return new Response(`${books} books`);
        },
        POST: () => {
          assertUnsafeMethod("a book");
          books += 1;
          return new Response(`book ${books}`, { status: 201 });
        },
      }),
    ),
  ),
);
const send = (method, headers = {}) =>
  handler(new Request("https://api.example/books", { method, headers: { origin: app, ...headers } }));
const key = { "idempotency-key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"' };
for (const request of [1, 2]) {
  const response = await send("POST", key);
  assert.deepEqual([response.status, await response.text()], [201, "book 1"], `request ${request}`);
  assert.equal(response.headers.get("access-control-allow-origin"), app);
}
assert.equal(await (await send("GET")).text(), "1 books");
assert.deepEqual([(await send("DELETE")).status, (await send("POST", refused.headers)).status], [405, 403]);

const listener = node.cors(policy)(node.resource({ GET: (_, response) => response.end("hello") }));
const server = createServer(listener);
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const answer = await fetch(`http://127.0.0.1:${server.address().port}/`, { headers: { origin: app } });
assert.equal(await answer.text(), "hello");
assert.equal(answer.headers.get("access-control-allow-origin"), app);
server.close();
server.closeAllConnections();
