import { verifyMethods } from "corsac";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestShop, type TestShop } from "./test-shop.ts";

let shop: TestShop;

beforeAll(async () => {
  shop = await openTestShop();
});

afterAll(() => shop.close());

test.each([false, true])("keeps what methods promise, unsafe ones sent: %s", async (allowUnsafe) => {
  const report = await verifyMethods({ target: `${shop.url}/openapi.json`, allowUnsafe });
  expect(report.findings).toEqual([]);
  expect([report.verdict, report.stopped, report.leftBehind]).toEqual(["clean", null, []]);
  // Without unsafe methods there is no order to look at.
  expect(report.unverified.map(({ resource }) => resource)).toEqual(allowUnsafe ? [] : ["/orders/{id}"]);
});
