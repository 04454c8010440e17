import { maxOriginLength, type OriginPattern, serializeOriginPattern } from "./origin-pattern.ts";

/**
 * A set of origins that patterns describe. To find an exact origin takes one look-up, however many there are; to find a
 * subdomain one look-up for each label of the pattern.
 */
export interface OriginSet {
  /** The exact origins. */
  readonly exact: ReadonlySet<string>;
  /** Reports whether a pattern with a wildcard covers the raw value of an `Origin` header, well-formed or not. */
  readonly matchesPattern: (origin: string) => boolean;
  /** Whether there are patterns with wildcards at all. */
  readonly hasPatterns: boolean;
}

/** A label and those to the left of it. */
interface LabelNode {
  readonly children: Map<string, LabelNode>;
  /** The ports on which all hosts below this one are covered; null when the name ends no pattern. */
  ports: PortSet | null;
}

/** Ports; 0 for the default port of the scheme. `*` for all. */
type PortSet = Set<number> | "*";

interface SchemeNode {
  /** With `://`. */
  readonly prefix: string;
  readonly defaultPort: number;
  /** Hosts that are covered on every port. */
  readonly hosts: Set<string>;
  readonly root: LabelNode;
}

/** Makes a set of origins of patterns. */
export function createOriginSet(patterns: readonly OriginPattern[]): OriginSet {
  const exact = new Set<string>();
  const schemes: SchemeNode[] = [];
  for (const pattern of patterns) {
    if (!pattern.subdomains && pattern.port !== "*") exact.add(serializeOriginPattern(pattern));
    else addPattern(schemes, pattern);
  }
  return { exact, hasPatterns: schemes.length > 0, matchesPattern: (origin) => matchesScheme(schemes, origin) };
}

function addPattern(schemes: SchemeNode[], { scheme, host, subdomains, port }: OriginPattern): void {
  const prefix = `${scheme}://`;
  let schemeNode = schemes.find((node) => node.prefix === prefix);
  if (schemeNode === undefined) {
    const defaultPort = scheme === "https" ? 443 : scheme === "http" ? 80 : -1;
    schemeNode = { prefix, defaultPort, hosts: new Set(), root: createLabelNode() };
    schemes.push(schemeNode);
  }
  if (!subdomains) {
    schemeNode.hosts.add(host);
    return;
  }
  let node = schemeNode.root;
  for (const label of host.split(".").reverse()) {
    let child = node.children.get(label);
    if (child === undefined) {
      child = createLabelNode();
      node.children.set(label, child);
    }
    node = child;
  }
  if (port === "*") node.ports = "*";
  else if (node.ports === null) node.ports = new Set([port ?? 0]);
  else if (node.ports !== "*") node.ports.add(port ?? 0);
}

function createLabelNode(): LabelNode {
  return { children: new Map(), ports: null };
}

function matchesScheme(schemes: readonly SchemeNode[], origin: string): boolean {
  if (origin.length > maxOriginLength) return false;
  for (const scheme of schemes) {
    if (origin.startsWith(scheme.prefix)) return matchesHost(scheme, origin);
  }
  return false;
}

function matchesHost(scheme: SchemeNode, origin: string): boolean {
  const start = scheme.prefix.length;
  // The colons in an IPv6 address are no port's.
  const colon = origin.indexOf(":", origin.charCodeAt(start) === openBracket ? origin.indexOf("]", start) + 1 : start);
  const end = colon === -1 ? origin.length : colon;
  const port = colon === -1 ? 0 : parsePort(origin, colon + 1, scheme.defaultPort);
  if (port === -1) return false;
  if (scheme.hosts.size > 0 && scheme.hosts.has(origin.slice(start, end))) return true;

  let node = scheme.root;
  let labelEnd = end;
  while (labelEnd > start) {
    const dot = origin.lastIndexOf(".", labelEnd - 1);
    // Only labels are left of the scheme's end: what has no dot before it is the last one, and nothing is before it.
    if (dot < start) return false;
    const child = node.children.get(origin.slice(dot + 1, labelEnd));
    if (child === undefined) return false;
    if (child.ports !== null && (child.ports === "*" || child.ports.has(port))) {
      return areLabels(origin, start, dot) && end - start <= maxHostLength;
    }
    node = child;
    labelEnd = dot;
  }
  return false;
}

const openBracket = 0x5b;

/** With a dot at the end. */
const maxHostLength = 254;

/** The port from `start` to the end of `origin`; -1 for one that no serialized origin has. */
function parsePort(origin: string, start: number, defaultPort: number): number {
  const digits = origin.length - start;
  if (digits < 1 || digits > 5) return -1;
  let port = 0;
  for (let i = start; i < origin.length; i++) {
    const digit = origin.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    port = port * 10 + digit;
    if (port === 0) return -1;
  }
  return port > 65535 || port === defaultPort ? -1 : port;
}

/**
 * Whether there are only labels of a host name between two places: this keeps everything out that a wildcard could
 * hide, such as another host and a slash.
 */
function areLabels(value: string, start: number, end: number): boolean {
  let length = 0;
  for (let i = start; i < end; i++) {
    const character = value.charCodeAt(i);
    if (character === 0x2e) {
      if (length === 0) return false;
      length = 0;
    } else if (isLabelCharacter(character) && length < 63) {
      length += 1;
    } else {
      return false;
    }
  }
  return length > 0;
}

/** Lower-case letters, digits, hyphen, underscore. */
function isLabelCharacter(character: number): boolean {
  return (
    (character >= 0x61 && character <= 0x7a) ||
    (character >= 0x30 && character <= 0x39) ||
    character === 0x2d ||
    character === 0x5f
  );
}
