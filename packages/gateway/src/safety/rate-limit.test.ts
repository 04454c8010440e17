import fc from "fast-check";
import { expect, test } from "vitest";
import { clientOf, RateLimit } from "./rate-limit.ts";

const clients: readonly [address: string, client: string][] = [
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["::ffff:c000:207", "192.0.2.7"],
  ["2001:db8:1:2::1", "20010db800010002::/64"],
  ["2001:db8:1:2:ffff:ffff:ffff:ffff", "20010db800010002::/64"],
  ["2001:db8:1:3::1", "20010db800010003::/64"],
  ["fe80::1%eth0", "fe80000000000000::/64"],
  ["::1", "0::/64"],
];

test.each(clients)("%s stands for %s", (address, client) => expect(clientOf(address)).toBe(client));

test("a client gets so many requests, the next when enough of the window is over", () => {
  let now = 0;
  const limit = new RateLimit({ requests: 2, window: 10 }, () => now);
  expect([limit.take("a"), limit.take("a")]).toEqual([0, 0]);
  // The window ends in ten seconds; five later, half of its two requests still count.
  expect(limit.take("a")).toBe(15);
  expect(limit.take("b")).toBe(0);
  now = 14_999;
  expect(limit.take("a")).toBe(1);
  now = 15_000;
  expect(limit.take("a")).toBe(0);
  expect(limit.take("a")).toBe(5);
  now = 40_000;
  expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 15]);
});

test("whoever waits as long as told gets in, and no fixed window has more requests than allowed", () => {
  const steps = fc.array(fc.record({ wait: fc.nat(3000), client: fc.constantFrom("a", "b") }), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }), steps, (requests, window, rows) => {
      let now = 1_700_000_000_000;
      const limit = new RateLimit({ requests, window }, () => now);
      const taken: Record<string, number> = {};
      const take = (client: string): number => {
        const retryAfter = limit.take(client);
        const slot = `${client} ${Math.floor(now / window / 1000)}`;
        if (retryAfter === 0) taken[slot] = (taken[slot] ?? 0) + 1;
        return retryAfter;
      };
      for (const { wait, client } of rows) {
        now += wait;
        const retryAfter = take(client);
        expect(Number.isInteger(retryAfter)).toBe(true);
        if (retryAfter > 0) {
          now += retryAfter * 1000;
          expect(take(client)).toBe(0);
        }
      }
      expect(Math.max(0, ...Object.values(taken))).toBeLessThanOrEqual(requests);
    }),
  );
});

test("clients without end are not all remembered", () => {
  const limit = new RateLimit({ requests: 1, window: 3600 }, () => 0);
  let waits = 0;
  for (let i = 0; i <= 100_000; i++) waits += limit.take(`client ${i}`);
  expect(waits).toBe(0);
  expect(limit.take("client 100000")).toBeGreaterThan(0);
  expect(limit.take("client 1")).toBeGreaterThan(0);
  expect(limit.take("client 0")).toBe(0);
});
