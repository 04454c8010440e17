/** Where a request goes, as the client said it. */
export interface RequestTarget {
  readonly authority: string;
  /** Begins with `/`, or is `*`. */
  readonly target: string;
}

/**
 * Reads the target and the host of a request. The authority of a target in absolute form counts in the place of `Host`.
 * Returns null for a target that has another form, has a fragment, characters that no URL has, or user information, and
 * for a host that is none: whoever takes those up next could understand them in more than one way.
 *
 * @param authority from `Host` or `:authority`; null when the client sent none
 * @see https://httpwg.org/specs/rfc9112.html#request.target
 */
export function parseRequestTarget(method: string, target: string, authority: string | null): RequestTarget | null {
  if (target.charCodeAt(0) === slash) return checked(target, authority ?? "");
  if (target === "*") return method === "OPTIONS" ? checked(target, authority ?? "") : null;

  const absolute = absoluteForm.exec(target);
  if (absolute === null) return null;
  const [, host = "", rest = ""] = absolute;
  if (host === "") return null;
  if (rest === "") return checked(method === "OPTIONS" ? "*" : "/", host);
  return checked(rest.startsWith("/") ? rest : `/${rest}`, host);
}

function checked(target: string, authority: string): RequestTarget | null {
  return visibleWithoutFragment.test(target) && (authority === "" || isAuthority(authority))
    ? { authority, target }
    : null;
}

/**
 * Reports whether `text` is a host, an optional port after it, and nothing else. Names with characters that are allowed
 * in a URL, but in no name that is looked up, are refused: programs read some of them in different ways.
 *
 * @see https://httpwg.org/specs/rfc9110.html#field.host
 */
export function isAuthority(text: string): boolean {
  return authorityForm.test(text);
}

const slash = 0x2f;
const absoluteForm = /^https?:\/\/([^/?#]*)(.*)$/i;
const visibleWithoutFragment = /^[\x21\x22\x24-\x7e]+$/;
const authorityForm = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{0,5})?$/i;
