import { BlockList, isIP, SocketAddress } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { specialPurposeOf } from "./special-purpose-address.ts";

/** First and last address of each block, and the public neighbours where there are some. */
const rows: readonly [purpose: string | null, ...addresses: string[]][] = [
  ["this network", "0.0.0.0", "0.255.255.255"],
  [null, "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0"],
  ["private use", "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255"],
  [null, "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0"],
  ["shared address space", "100.64.0.0", "100.127.255.255"],
  ["loopback", "127.0.0.0", "127.255.255.255", "::1", "::ffff:127.0.0.1", "64:ff9b::127.0.0.1"],
  ["link-local", "169.254.0.0", "169.254.255.255", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe80::1%eth0"],
  [null, "169.253.255.255", "169.255.0.0"],
  ["protocol assignments", "192.0.0.0", "192.0.0.255", "2001:1::1", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"],
  [null, "192.0.1.0", "2001:200::", "192.31.196.1", "192.52.193.1", "192.175.48.1", "2620:4f:8000::1"],
  ["documentation", "192.0.2.0", "198.51.100.255", "203.0.113.7", "2001:db8::", "3fff::", "3fff:fff::1"],
  [null, "192.0.3.0", "198.51.99.255", "203.0.114.0", "2001:db7:ffff::", "2001:db9::", "3ffe:ffff::", "3fff:1000::"],
  ["6to4 relay", "192.88.99.0", "192.88.99.255"],
  ["benchmarking", "198.18.0.0", "198.19.255.255"],
  [null, "198.17.255.255", "198.20.0.0"],
  ["multicast", "224.0.0.0", "239.255.255.255", "ff00::", "ff02::1", "ff0e::1"],
  [null, "223.255.255.255"],
  ["reserved", "240.0.0.0", "255.255.255.254", "64:ff9b:0:1::", "100:0:0:2::", "200::", "1fff::", "4000::", "fe00::"],
  ["broadcast", "255.255.255.255", "::ffff:255.255.255.255"],
  ["platform service", "168.63.129.16", "::ffff:168.63.129.16"],
  ["unspecified", "::", "::0.0.0.0"],
  ["IPv4-compatible", "::2", "::8.8.8.8", "::ffff:ffff"],
  ["IPv4-translated", "::ffff:0:8.8.8.8"],
  ["local translation", "64:ff9b:1::8.8.8.8", "64:ff9b:1:ffff::"],
  ["discard-only", "100::", "100::ffff:ffff:ffff:ffff", "100:0:0:1::"],
  ["Teredo", "2001::", "2001:0:ffff::"],
  ["6to4", "2002::", "2002:808:808::1"],
  ["segment routing", "5f00::", "5f00:ffff::"],
  ["unique local", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["site-local", "fec0::", "feff:ffff::"],
  ["private use", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2a00::5efe:10.0.0.1", "2a00::200:5efe:192.168.0.1"],
  [null, "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2a00::5efe:8.8.8.8", "2a00::1:5efe:10.0.0.1", "2a00::10.0.0.1"],
  [null, "2000::", "3ffd::1", "2003::", "2606:4700::1111"],
  ["no address", "", "localhost", "127.1", "0x7f.0.0.1", "010.0.0.1", "[::1]", "1.2.3.4:80", "1.2.3.4 ", "::1::"],
];

describe.each(rows)("%s", (purpose, ...addresses) => {
  test.each(addresses)("%s", (address) => expect(specialPurposeOf(address)).toBe(purpose));
});

test("agrees with Node's block list about every address of IPv4, mapped and not", () => {
  const list = new BlockList();
  for (const block of [
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24",
    "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 168.63.129.16/32",
  ].flatMap((line) => line.split(" "))) {
    const [network = "", bits] = block.split("/");
    list.addSubnet(network, Number(bits));
  }
  // Half of them close to a block, where mistakes are.
  const near = fc.constantFrom(0, 10, 100, 127, 169, 172, 192, 198, 203, 224, 240);
  const octet = fc.nat(255);
  const address = fc.tuple(
    fc.oneof(near, octet),
    fc.oneof(fc.constantFrom(0, 18, 51, 88, 168, 254), octet),
    octet,
    octet,
  );
  fc.assert(
    fc.property(address, (octets) => {
      const text = octets.join(".");
      const isPublic = !list.check(text);
      expect(specialPurposeOf(text) === null).toBe(isPublic);
      expect(specialPurposeOf(`::ffff:${text}`) === null).toBe(isPublic);
      expect(specialPurposeOf(`64:ff9b::${text}`) === null).toBe(isPublic);
    }),
  );
});

test("judges all spellings of an address of IPv6 alike, and nothing outside 2000::/3 is public but what is translated", () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      // Some spellings that Node does not take are no addresses to it.
      if (isIP(text) === 0) return;
      const { address } = new SocketAddress({ address: text, family: "ipv6" });
      const purpose = specialPurposeOf(text);
      expect(specialPurposeOf(address)).toBe(purpose);
      if (purpose === null) expect(address).toMatch(/^([23]|::ffff:|64:ff9b::)/);
    }),
  );
});
