import type { OriginPattern } from "../configuration/gateway-configuration.ts";
import { GatewayError } from "../exchange/gateway-error.ts";
import { matchesHost } from "../routing/route-table.ts";

/** Slashes which a client or a proxy on the way made one of, or encoded together with all that follows. */
const namedUrl = /^\/(https?)(?:(:)\/{1,2}(?=[^/])|%3a%2f(?:%2f)?)/i;

/**
 * Reads the URL that a request target names in open mode: `/https://api.example/books?page=2`, also with one slash
 * where clients join two, or encoded. The URL is parsed here once, and what is returned is what was checked: nobody who
 * reads the text in another way comes into it.
 *
 * @returns the URL without fragment, or the error to answer with
 */
export function parseOpenTarget(target: string, allow: readonly OriginPattern[]): URL | GatewayError {
  const url = urlIn(target);
  if (url === null) {
    const message = "The path has to be the URL of an upstream, such as /https://api.example/books.";
    return new GatewayError("route-not-found", message);
  }
  if (url.username !== "" || url.password !== "") {
    return new GatewayError("request-invalid", "The upstream's URL must not contain a user name or password.");
  }
  if (!allow.some((pattern) => covers(pattern, url))) {
    return new GatewayError(
      "upstream-not-allowed",
      "The gateway does not forward to this origin. `open.allow` lists those it does.",
    );
  }
  return url;
}

function urlIn(target: string): URL | null {
  const match = namedUrl.exec(target);
  if (match === null) return null;
  const [beginning, scheme = "", colon] = match;
  const rest = target.slice(beginning.length);
  try {
    const url = new URL(`${scheme}://${colon === undefined ? decoded(rest) : rest}`);
    url.hash = "";
    return url;
  } catch {
    return null;
  }
}

/** An encoded URL ends where something follows that would have been encoded in it. */
function decoded(text: string): string {
  const query = text.indexOf("?");
  return query === -1 ? decodeURIComponent(text) : decodeURIComponent(text.slice(0, query)) + text.slice(query);
}

function covers({ scheme, host, port }: OriginPattern, url: URL): boolean {
  if (url.protocol !== `${scheme}:` || !matchesHost(host, url.hostname)) return false;
  return port === null || port === Number(url.port || (scheme === "https" ? 443 : 80));
}
