import { describe, expect, test } from "vitest";
import { gatewayRequest } from "../../test/recording-sink.ts";
import { parseGatewayOptions } from "../configuration/parse-gateway-options.ts";
import type { GatewayError } from "../exchange/gateway-error.ts";
import { createHostCheck } from "./host-list.ts";

function hostsOf(options: { hosts?: string[]; listen?: { address: string } }) {
  const parsing = parseGatewayOptions({ upstream: "http://127.0.0.1:3000", policy: null, ...options });
  if (!parsing.ok) throw new Error(JSON.stringify(parsing.issues));
  return parsing.configuration.hosts;
}

const tables = [
  {
    title: "by default",
    hosts: hostsOf({}),
    in: [
      "localhost",
      "localhost:8080",
      "LocalHost:1",
      "app.localhost:8080",
      "a.b.localhost",
      "127.0.0.1:8080",
      "[::1]:8080",
    ],
    out: [
      "",
      "attacker.example",
      "attacker.example:8080",
      "localhost.attacker.example",
      "notlocalhost",
      "localhost.",
      "127.0.0.1.attacker.example",
      "127.0.0.1.nip.io:8080",
      // Some systems take it for this machine, and browsers let pages of others ask it.
      "0.0.0.0:8080",
      "[::]:8080",
      "[::ffff:127.0.0.1]",
      "127.1",
      "2130706433",
      "0x7f.1",
      "192.168.1.5:8080",
      "localhost:8080@attacker.example",
      "localhost,attacker.example",
    ],
  },
  {
    title: "with names of its own",
    hosts: hostsOf({ hosts: ["api.example", "*.dev.example"] }),
    in: ["api.example", "API.example:443", "a.dev.example", "a.b.dev.example:1"],
    out: ["localhost", "127.0.0.1", "dev.example", "x.api.example", "evildev.example", "api.example.evil"],
  },
  {
    title: "with an address to listen at",
    hosts: hostsOf({ listen: { address: "192.168.1.5" } }),
    in: ["192.168.1.5:8080", "localhost"],
    out: ["192.168.1.6", "attacker.example"],
  },
];

describe.each(tables)("$title", ({ hosts, in: known, out }) => {
  const check = createHostCheck(hosts);
  test.each(known)("%s is answered", (authority) => expect(check(gatewayRequest({ authority }))).toBeNull());
  test.each(out)("%j is misdirected", (authority) => {
    const error = check(gatewayRequest({ authority })) as GatewayError;
    expect([error.code, error.status]).toEqual(["host-not-allowed", 421]);
    expect(error.message).toContain("`hosts`");
  });
});

test("a Host field that differs from the authority is refused, whichever of them is known", () => {
  const check = createHostCheck(hostsOf({}));
  const codeOf = (authority: string, host: string) => check(gatewayRequest({ authority, headers: { host } }))?.code;
  expect(codeOf("localhost:8080", "localhost:8080")).toBeUndefined();
  expect(codeOf("localhost:8080", "attacker.example")).toBe("request-invalid");
  expect(codeOf("attacker.example", "localhost:8080")).toBe("request-invalid");
});
