import { type Origin, originOf } from "./origin.ts";

const loopbackIpv4 = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/**
 * Reports whether a host (as `URL` gives it) is this machine: 127.0.0.0/8, `[::1]`, `localhost` and what ends in
 * `.localhost`.
 *
 * @see https://w3c.github.io/webappsec-secure-contexts/#localhost
 */
export function isLoopbackHost(host: string): boolean {
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  return name === "localhost" || name.endsWith(".localhost") || host === "[::1]" || loopbackIpv4.test(host);
}

/**
 * Reports whether data from the origin was not open to change on its way: https, or from this machine.
 *
 * @param loopbackIsTrustworthy false for a browser that trusts https only
 * @see https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
 */
export function isPotentiallyTrustworthyOrigin(origin: Origin, loopbackIsTrustworthy = true): boolean {
  if (origin.kind === "opaque") return false;
  if (origin.scheme === "https" || origin.scheme === "wss") return true;
  return loopbackIsTrustworthy && isLoopbackHost(origin.host);
}

/**
 * Reports whether what the URL leads to was not open to change on its way.
 *
 * @param loopbackIsTrustworthy false for a browser that trusts https only
 * @see https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy
 */
export function isPotentiallyTrustworthyUrl(url: URL, loopbackIsTrustworthy = true): boolean {
  switch (url.protocol) {
    case "about:":
      return url.pathname === "blank" || url.pathname === "srcdoc";
    case "data:":
    // The origin of a file is opaque here, but the standard trusts the scheme.
    case "file:":
      return true;
    default:
      return isPotentiallyTrustworthyOrigin(originOf(url), loopbackIsTrustworthy);
  }
}
