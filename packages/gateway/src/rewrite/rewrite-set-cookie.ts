import { basePath } from "../forward/upstream-path.ts";
import { gatewayPath, type PathMapping } from "./path-mapping.ts";

/**
 * Makes a cookie of the upstream one of the gateway. Returns null for a cookie which no request through this route would
 * carry.
 *
 * - `Domain` is dropped: it names the upstream.
 * - `Path` follows the route; `/` above the upstream's path becomes the whole route.
 * - If the client uses HTTP, `Secure`, `Partitioned` and `SameSite=None` are dropped, since browsers refuse cookies with
 *   them there. Names beginning with `__Host-`, `__Secure-` or `__Http-`, which need `Secure`, begin with `~~` instead of
 *   the underscores; `restoreCookieNames` undoes that in requests. What the prefix promises does not hold then.
 * - If it uses HTTPS, all of these stay; a `__Host-` cookie keeps `Path=/`, without which it is refused.
 *
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-set-cookie
 */
export function rewriteSetCookie(line: string, scheme: "http" | "https", mapping: PathMapping): string | null {
  const [pair = "", ...attributes] = line.split(";");
  const isPrefixed = prefixedName.test(pair);
  const kept: string[] = [scheme === "http" && isPrefixed ? pair.replace(prefixedName, "$1~~$2") : pair];
  const bindsPath = scheme === "https" && hostPrefix.test(pair);

  for (const attribute of attributes) {
    const equals = attribute.indexOf("=");
    const name = (equals < 0 ? attribute : attribute.slice(0, equals)).trim().toLowerCase();
    const value = equals < 0 ? "" : attribute.slice(equals + 1).trim();
    if (name === "domain") continue;
    if (scheme === "http" && (name === "secure" || name === "partitioned")) continue;
    if (scheme === "http" && name === "samesite" && value.toLowerCase() === "none") continue;
    if (name === "path" && value.startsWith("/") && !bindsPath) {
      const path = cookiePath(value, mapping);
      if (path === null) return null;
      kept.push(` Path=${path}`);
    } else {
      kept.push(attribute);
    }
  }
  return kept.join(";");
}

/** Gives the cookies that were renamed for HTTP the names back which the upstream knows. */
export function restoreCookieNames(cookie: string): string {
  return cookie.replaceAll(renamed, "$1__$2");
}

/** Where at the gateway a cookie applies that has `path` at the upstream. */
function cookiePath(path: string, mapping: PathMapping): string | null {
  const base = basePath(mapping.upstream);
  const isAbove = path === "/" || base === path || base.startsWith(path.endsWith("/") ? path : `${path}/`);
  if (isAbove) return mapping.prefix === "" ? "/" : mapping.prefix;
  return gatewayPath(mapping, path);
}

const prefixedName = /^(\s*)__((?:Host|Secure|Http)-)/i;
const hostPrefix = /^\s*__Host-/i;
const renamed = /(^|;[ \t]*)~~((?:Host|Secure|Http)-)/gi;
