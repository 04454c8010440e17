/** The number that an IPv4 address in four decimal parts stands for, below 2 ** 32. */
export function ipv4Value(address: string): bigint {
  return address.split(".").reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

/**
 * The number that an IPv6 address stands for, below 2 ** 128.
 *
 * @param address any spelling, without brackets and zone
 * @throws {TypeError} when it is none
 */
export function ipv6Value(address: string): bigint {
  // The URL parser knows all spellings, and writes hexadecimal only, with `::` for the longest run of zeros.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const first = pieces(head);
  const last = pieces(tail ?? "");
  const zeros = new Array<string>(8 - first.length - last.length).fill("0");
  return [...first, ...zeros, ...last].reduce((value, piece) => (value << 16n) | BigInt(`0x${piece}`), 0n);
}

function pieces(text: string): string[] {
  return text === "" ? [] : text.split(":");
}
