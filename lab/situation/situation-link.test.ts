import { expect, test } from "vitest";
import { defaultSituation, type Situation } from "./situation.ts";
import { decodeSituation, encodeSituation } from "./situation-link.ts";

test("the situation that one begins with needs no words", () => {
  expect(encodeSituation(defaultSituation)).toBe("");
  expect(decodeSituation("")).toEqual(defaultSituation);
});

test("a link carries what is not ASCII, what is empty, and what is of another kind", () => {
  const situation: Situation = {
    ...defaultSituation,
    page: { kind: "typed", origin: "https://app.example" },
    request: { ...defaultSituation.request, headers: [["X-Título", ""]], body: "日本 ✔ \u0000 \ud83d\ude00" },
    server: { kind: "itself" },
    gateway: { policy: { origins: "*" }, cache: true, retries: false },
  };
  const link = encodeSituation(situation);
  expect(link).toMatch(/^[\w-]+$/);
  expect(decodeSituation(link)).toEqual(situation);
});

test.each(["%", "a b", "e30=", "bm90IGpzb24", "_____w", "////"])("%j is none of ours", (text) => {
  expect(decodeSituation(text)).toBeNull();
});

test("no link reaches the prototype", () => {
  expect(decodeSituation(btoa('{"__proto__":{"times":5}}').replaceAll("=", ""))).toBeNull();
});
