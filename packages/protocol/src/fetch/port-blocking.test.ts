import { expect, test } from "vitest";
import { isBadPort } from "./port-blocking.ts";

test.each([
  ["http://a.example:0/", true],
  ["http://a.example:1/", true],
  ["https://a.example:22/", true],
  ["http://a.example:25/", true],
  ["http://localhost:4190/", true],
  ["http://localhost:6000/", true],
  ["http://localhost:6697/", true],
  ["http://localhost:10080/", true],
  ["http://a.example/", false],
  ["https://a.example/", false],
  ["http://a.example:443/", false],
  ["https://a.example:80/", false],
  ["http://localhost:3000/", false],
  ["http://localhost:6670/", false],
  ["ftp://a.example:22/", false],
  ["data:,x", false],
])("%s: %s", (url, want) => expect(isBadPort(new URL(url))).toBe(want));

test("the table has 83 ports", () => {
  const ports = Array.from({ length: 65536 }, (_, port) => port);
  expect(ports.filter((port) => isBadPort(new URL(`http://a:${port}`)))).toHaveLength(83);
});
