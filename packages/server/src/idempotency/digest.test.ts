import { afterEach, expect, test, vi } from "vitest";
import { digest } from "./digest.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const parts = ["POST", "/orders", new Uint8Array([0, 255])];

test("parts count with their lengths", async () => {
  const all = await Promise.all([["a", "bc"], ["ab", "c"], ["abc"], ["a", "b", "c"], ["abc", ""]].map(digest));
  expect(new Set(all).size).toBe(all.length);
  expect(all[0]).toMatch(/^[0-9a-f]{64}$/);
});

test("without Node's own, Web Cryptography gives the same", async () => {
  vi.stubGlobal("process", undefined);
  vi.resetModules();
  const elsewhere = await import("./digest.ts");
  vi.unstubAllGlobals();
  expect(elsewhere.digest).not.toBe(digest);
  expect(await elsewhere.digest(parts)).toBe(await digest(parts));
});
