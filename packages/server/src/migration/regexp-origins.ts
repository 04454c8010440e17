import { isLoopbackHost } from "@corsac/protocol";
import { parseOriginPattern } from "../origin-set/origin-pattern.ts";

/** An origin that a regular expression lets in, and what makes it a surprise. */
export interface UnmeantOrigin {
  readonly origin: string;
  /** A clause such as `lacks ^, so that anything may stand before`. */
  readonly because: string;
}

/**
 * Tries origins of strangers on a regular expression for origins. What it finds is a fact; that it finds nothing proves
 * nothing.
 */
export function unmeantOrigins(regexp: RegExp): UnmeantOrigin[] {
  // A copy without state: `g` and `y` would make the outcome depend on the last one.
  const matches = (origin: string) => new RegExp(regexp.source, regexp.flags.replace(/[gy]/g, "")).test(origin);
  if (matches("https://a3f9.evil.example") && matches("http://10.1.2.3:99")) {
    return [{ origin: "https://a3f9.evil.example", because: "matches everything" }];
  }
  const found = [{ origin: "null", because: "matches the origin of every sandboxed frame" }];
  for (const host of hostsIn(regexp.source)) {
    for (const scheme of ["https", "http"]) {
      found.push(
        { origin: `${scheme}://evil${host}`, because: "lets anything stand before the host" },
        { origin: `${scheme}://evil-${host}`, because: "lets anything stand before the host" },
        { origin: `${scheme}://${host}.evil.example`, because: "lets anything stand behind the host" },
        { origin: `${scheme}://${host}evil.example`, because: "lets anything stand behind the host" },
        ...withoutDot(host).map((other) => ({
          origin: `${scheme}://${other}`,
          because: "has a dot without backslash, which stands for any character",
        })),
      );
    }
  }
  const seen = new Set<string>();
  return found.filter(({ origin, because }) => {
    if (seen.has(because) || !matches(origin)) return false;
    seen.add(because);
    return true;
  });
}

/** What looks like a host in the source of a regular expression. */
function hostsIn(source: string): readonly string[] {
  const plain = source.replace(/\\([./-])/g, "$1");
  return (plain.match(/(?:[a-z0-9-]+\.)+[a-z]{2,}|localhost/gi) ?? []).map((host) => host.toLowerCase());
}

/** Hosts that somebody can register, and that differ from `host` in one dot only. */
function withoutDot(host: string): readonly string[] {
  const labels = host.split(".");
  return labels.length < 3 ? [] : [`${labels[0]}x${labels.slice(1).join(".")}`];
}

/** `https://`, then perhaps labels of any name, then a host, then perhaps a port; anchors may be missing. */
const shape =
  /^\^?(?:(?<scheme>https\?|https|http|\(\?:https\?\)|\(https\?\)|\(http\|https\)|\(\?:http\|https\)):\/\/)?(?<labels>\(?(?:\?:)?(?:\.[*+]|\[[^\]]+\][*+]|\(\?:\[[^\]]+\][*+]\\?\.\)[*+]|\\w[*+])(?:\\?\.)?\)?[?*+]?|\\\.)?(?<host>localhost|(?:[a-z0-9-]+\\?\.)*[a-z0-9-]+)(?<port>:\d+|\(?(?:\?:)?:(?:\\d|\[0-9\])(?:[*+]|\{[\d,]+\})\)?\??)?\$?$/i;

/** The entries for a policy that a regular expression was meant to be; null if that cannot be told. */
export function originsMeantBy({ source }: RegExp): readonly string[] | null {
  const match = shape.exec(source.replace(/\\\//g, "/"));
  if (match === null) return null;
  const { scheme, labels, host = "", port = "" } = match.groups ?? {};
  const name = host.replace(/\\\./g, ".").toLowerCase();
  if (!name.includes(".") && name !== "localhost") return null;
  const schemes = scheme === "http" ? ["http"] : /http(?:\?|\|)|s\?/.test(scheme ?? "") ? ["http", "https"] : ["https"];
  // Where no anchor or no scheme says that nothing stands before the host, its subdomains were meant too.
  const isOpen = scheme === undefined && labels === undefined;
  const isOptional = labels !== undefined && (/[?*]$/.test(labels) || !/\.\)?[?*+]?$/.test(labels));
  const prefixes = labels === undefined ? (isOpen ? ["", "*."] : [""]) : isOptional ? ["", "*."] : ["*."];
  const ports = port === "" ? "" : /\d$/.test(port) ? port : ":*";
  const wanted = isLoopbackHost(name) && scheme === undefined ? ["http"] : schemes;
  const origins = wanted.flatMap((one) => prefixes.map((prefix) => `${one}://${prefix}${name}${ports}`));
  return origins.every((origin) => parseOriginPattern(origin).ok) ? origins : null;
}
