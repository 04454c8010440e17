import { isIP } from "node:net";
import { ipv4Value, ipv6Value } from "./ip-address.ts";

/** The addresses that begin with the same bits. */
interface Block {
  readonly purpose: string;
  readonly prefix: bigint;
  /** How many bits follow the prefix. */
  readonly rest: bigint;
}

/**
 * What is not an ordinary public address of IPv4: the IANA registry, but for its anycast services of AS112 and AMT,
 * which are reachable from everywhere, and with what clouds put at a public address. More precise ones come first.
 */
const ipv4Blocks: readonly Block[] = [
  block("this network", "0.0.0.0/8"),
  block("private use", "10.0.0.0/8"),
  block("private use", "172.16.0.0/12"),
  block("private use", "192.168.0.0/16"),
  block("shared address space", "100.64.0.0/10"),
  block("loopback", "127.0.0.0/8"),
  block("link-local", "169.254.0.0/16"),
  block("protocol assignments", "192.0.0.0/24"),
  block("documentation", "192.0.2.0/24"),
  block("documentation", "198.51.100.0/24"),
  block("documentation", "203.0.113.0/24"),
  block("6to4 relay", "192.88.99.0/24"),
  block("benchmarking", "198.18.0.0/15"),
  block("multicast", "224.0.0.0/4"),
  block("broadcast", "255.255.255.255/32"),
  block("reserved", "240.0.0.0/4"),
  // Virtual machines of Azure reach services of their host here.
  block("platform service", "168.63.129.16/32"),
];

/** The same for IPv6. What is outside `2000::/3` is refused with or without a name here. */
const ipv6Blocks: readonly Block[] = [
  block("unspecified", "::/128"),
  block("loopback", "::1/128"),
  block("IPv4-compatible", "::/96"),
  block("IPv4-translated", "::ffff:0:0:0/96"),
  block("local translation", "64:ff9b:1::/48"),
  block("discard-only", "100::/64"),
  block("discard-only", "100:0:0:1::/64"),
  block("Teredo", "2001::/32"),
  // Everything below it is for protocols, tunnels, benchmarks or identifiers; no server is reached by such an address.
  block("protocol assignments", "2001::/23"),
  block("documentation", "2001:db8::/32"),
  block("documentation", "3fff::/20"),
  block("6to4", "2002::/16"),
  block("segment routing", "5f00::/16"),
  block("unique local", "fc00::/7"),
  block("link-local", "fe80::/10"),
  block("site-local", "fec0::/10"),
  block("multicast", "ff00::/8"),
];

const globalUnicast = block("global unicast", "2000::/3");
const ipv4Mapped = block("IPv4-mapped", "::ffff:0:0/96");
const wellKnownTranslation = block("translation", "64:ff9b::/96");

/**
 * Names what an IP address is for when it is not an ordinary public one; null when it is. An address of IPv6 that leads
 * to one of IPv4 is what that is: mapped, translated by the well-known prefix of NAT64, or with ISATAP's identifier.
 * What cannot be read as an address, and what has a zone, is not public either.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry/
 * @see https://www.rfc-editor.org/rfc/rfc6052#section-2.1
 * @see https://www.rfc-editor.org/rfc/rfc5214#section-6.1
 */
export function specialPurposeOf(address: string): string | null {
  const version = isIP(address);
  if (version === 4) return purposeOfIpv4(ipv4Value(address));
  if (version !== 6) return "no address";
  return address.includes("%") ? "link-local" : purposeOfIpv6(ipv6Value(address));
}

function purposeOfIpv4(value: bigint): string | null {
  return ipv4Blocks.find((candidate) => isIn(candidate, value))?.purpose ?? null;
}

function purposeOfIpv6(value: bigint): string | null {
  const embedded = value & 0xffff_ffffn;
  if (isIn(ipv4Mapped, value) || isIn(wellKnownTranslation, value)) return purposeOfIpv4(embedded);
  const found = ipv6Blocks.find((candidate) => isIn(candidate, value));
  if (found !== undefined) return found.purpose;
  if (!isIn(globalUnicast, value)) return "reserved";
  // One bit of it may claim that the address of IPv4 is unique in the world, which is not checked by anyone.
  const identifier = (value >> 32n) & 0xfdff_ffffn;
  return identifier === 0x0000_5efen ? purposeOfIpv4(embedded) : null;
}

function isIn({ prefix, rest }: Block, value: bigint): boolean {
  return value >> rest === prefix;
}

function block(purpose: string, text: string): Block {
  const [address = "", bits = ""] = text.split("/");
  const isIpv6 = address.includes(":");
  const rest = BigInt((isIpv6 ? 128 : 32) - Number(bits));
  return { purpose, prefix: (isIpv6 ? ipv6Value(address) : ipv4Value(address)) >> rest, rest };
}
