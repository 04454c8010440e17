import { expect, test } from "vitest";
import { registrableDomain } from "./site.ts";

const rows: readonly (readonly [host: string, want: string | null])[] = [
  ["example.com", "example.com"],
  ["a.b.example.co.uk", "example.co.uk"],
  ["co.uk", null],
  ["me.github.io", "me.github.io"],
  ["github.io", null],
  ["localhost", null],
  ["shop.localhost", "shop.localhost"],
  ["api.shop.localhost", "shop.localhost"],
  ["evil.localhost", "evil.localhost"],
  ["127.0.0.1", null],
  ["[::1]", null],
  ["intranet", null],
  ["app.example", "app.example"],
  ["xn--bcher-kva.example", "xn--bcher-kva.example"],
];

test.each(rows)("the registrable domain of %s is %s", (host, want) => {
  expect(registrableDomain(host)).toBe(want);
});
