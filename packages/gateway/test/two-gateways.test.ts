import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startService } from "../../server/test/start-service.ts";
import { createGateway, type Gateway } from "../src/index.ts";

const redis = await startService("redis");
const folder = mkdtempSync(join(tmpdir(), "corsac-two-"));
afterAll(async () => {
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

const stores = [
  { name: "one Redis", store: redis.url === null ? null : { redis: redis.url }, note: redis.note },
  { name: "one file of SQLite", store: { sqlite: join(folder, "cache.db") }, note: "" },
];

describe.each(stores)("two gateways on $name$note", ({ store }) => {
  if (store === null) {
    test.skip("there is none", () => {});
    return;
  }
  let upstream: Server;
  let gateways: [Gateway, Gateway];
  let urls: [URL, URL];
  let version = 1;
  const asked: string[] = [];
  /** Lets the answers go that the upstream holds back. */
  let release: () => void = () => {};
  let held: Promise<void> | null = null;

  beforeAll(async () => {
    upstream = createServer(async ({ method, url }, response) => {
      asked.push(`${method} ${url}`);
      const text = `version ${version}`;
      if (method === "PUT") version += 1;
      await held;
      response.writeHead(200, { "cache-control": "max-age=60", "content-type": "text/plain" }).end(text);
    }).listen(0, "127.0.0.1");
    await once(upstream, "listening");
    const { port } = upstream.address() as AddressInfo;
    const options = { upstream: `http://127.0.0.1:${port}`, policy: null, cache: { store }, listen: { port: 0 } };
    gateways = [createGateway(options), createGateway(options)];
    urls = [await gateways[0].listen(), await gateways[1].listen()];
  });
  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.close(0)));
    upstream.closeAllConnections();
    upstream.close();
  });
  beforeEach(() => {
    asked.length = 0;
    version = 1;
    held = null;
  });

  /** Clients know both gateways by one name. */
  async function ask(gateway: 0 | 1, path: string, method = "GET") {
    const { hostname, port } = urls[gateway];
    const outgoing = request({ host: hostname, port, path, method, headers: { host: "api.localhost" }, agent: false });
    outgoing.end();
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of incoming) text += chunk;
    return { text, status: String(incoming.headers["cache-status"]) };
  }

  const hold = () => {
    held = new Promise((resolve) => {
      release = resolve;
    });
  };

  test("what one has fetched, the other has", async () => {
    expect((await ask(0, "/shared")).text).toBe("version 1");
    const { text, status } = await ask(1, "/shared");
    expect(text).toBe("version 1");
    expect(status).toContain("hit");
    expect(asked).toEqual(["GET /shared"]);
  });

  test("of many who ask both for the same, one goes to the upstream", async () => {
    hold();
    const answers = Array.from({ length: 20 }, (_, i) => ask((i % 2) as 0 | 1, "/rush"));
    await expect.poll(() => asked.length, { interval: 5 }).toBeGreaterThan(0);
    release();
    for (const { text } of await Promise.all(answers)) expect(text).toBe("version 1");
    expect(asked).toEqual(["GET /rush"]);
  });

  test("a change through one is seen through the other", async () => {
    await ask(0, "/book");
    await ask(1, "/book");
    await ask(0, "/book", "PUT");
    expect((await ask(1, "/book")).text).toBe("version 2");
    expect((await ask(0, "/book")).text).toBe("version 2");
    expect(asked).toEqual(["GET /book", "PUT /book", "GET /book"]);
  });

  test("what was under way during a change is not kept", async () => {
    hold();
    const old = ask(0, "/late");
    await expect.poll(() => asked.length, { interval: 5 }).toBe(1);
    held = null;
    await ask(1, "/late", "PUT");
    release();
    expect((await old).text).toBe("version 1");
    expect((await ask(1, "/late")).text).toBe("version 2");
  });
});

test("a gateway whose Redis is away forwards, and reports that", async () => {
  const upstream = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const { port } = upstream.address() as AddressInfo;
  const reports: unknown[] = [];
  const gateway = createGateway(
    { upstream: `http://127.0.0.1:${port}`, policy: null, cache: { store: { redis: "redis://127.0.0.1:1" } } },
    { report: (error) => reports.push(error) },
  );
  const response = await gateway.fetch(new Request("http://localhost/x"));
  expect([response.status, await response.text()]).toEqual([200, "ok"]);
  expect(reports.length).toBeGreaterThan(0);
  await gateway.close(0);
  upstream.close();
});
