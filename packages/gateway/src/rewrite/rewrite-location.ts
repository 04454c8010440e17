import { pathOf } from "../routing/normalize-target.ts";
import { gatewayPath, type PathMapping, upstreamUrl } from "./path-mapping.ts";

/**
 * Makes a reference into the upstream one into the gateway, as a path, so that it holds by whatever name the client calls
 * the gateway. Other references stay as they are: to other origins (the upstream under another scheme is one: a redirect
 * from HTTP to HTTPS would otherwise go in circles), to what is no URL, and fragments alone. A path which the gateway
 * does not lead to becomes an absolute URL, since at the gateway it would name something else.
 *
 * @param value of `Location` or `Content-Location`
 * @param target of the request
 * @see https://httpwg.org/specs/rfc9110.html#field.location
 */
export function rewriteLocation(value: string, target: string, mapping: PathMapping): string {
  const base = upstreamUrl(mapping, target);
  const isRelative = !hasScheme.test(value) && !startsWithSlash.test(value);
  // A last segment is what such a reference replaces, and has to be one on both sides.
  const isAlike = base.pathname.endsWith("/") === pathOf(target).endsWith("/");
  if ((isRelative && isAlike && !hasDotSegment.test(value)) || staysOnPage.test(value)) return value;
  if (!URL.canParse(value, base.href)) return value;
  const url = new URL(value, base);
  if (url.origin !== mapping.upstream.origin || url.username !== "" || url.password !== "") return value;
  const path = gatewayPath(mapping, url.pathname);
  if (path === null) return url.href;
  return `${path}${url.search}${url.hash}`;
}

/**
 * Does the same for the URL in a `Refresh` field, such as `5; url=/next`.
 *
 * @see https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-refresh
 */
export function rewriteRefresh(value: string, target: string, mapping: PathMapping): string {
  const parts = refreshForm.exec(value);
  if (parts === null) return value;
  const [, before = "", quote = "", url = ""] = parts;
  return `${before}${quote}${rewriteLocation(url, target, mapping)}${quote}`;
}

const hasScheme = /^[\s\0-\x20]*[a-z][a-z0-9+.-]*:/i;
const startsWithSlash = /^[\s\0-\x20]*[/\\]/;
const staysOnPage = /^(?:$|[?#])/;
const hasDotSegment = /(?:^|[/\\])(?:\.|%2e){2}(?:$|[/\\?#])/i;
const refreshForm = /^(\s*[\d.]+\s*[;,\s]\s*(?:url\s*=\s*)?)(["']?)(.*?)\2\s*$/i;
