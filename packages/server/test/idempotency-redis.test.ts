import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterAll, describe } from "vitest";
import { createRedisStore } from "../src/idempotency/redis-store.ts";
import { startService } from "./start-service.ts";
import { testIdempotencyStore } from "./test-idempotency-store.ts";

const service = await startService("redis");
afterAll(() => service.stop());
const url = service.url ?? "";

describe.skipIf(service.url === null)(`the store in Redis by ioredis${service.note}`, () => {
  testIdempotencyStore(async () => {
    const client = new Redis(url);
    return { store: createRedisStore(client), close: () => client.quit() };
  });
});

describe.skipIf(service.url === null)(`the store in Redis by redis${service.note}`, () => {
  testIdempotencyStore(async () => {
    const client = await createClient({ url }).connect();
    return { store: createRedisStore(client, { prefix: "other:" }), close: () => client.close() };
  });
});
