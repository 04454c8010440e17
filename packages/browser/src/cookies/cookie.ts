/** What a cookie's `SameSite` attribute says; `unset` when it is missing or says anything else. */
export type SameSiteAttribute = "lax" | "none" | "strict" | "unset";

/** A cookie as the jar keeps it. Times are milliseconds of the jar's clock. */
export interface Cookie {
  /** Empty for a nameless cookie. Name and value are isomorphic-decoded bytes. */
  readonly name: string;
  readonly value: string;
  /** The host that set it, or the `Domain` it asked for. */
  readonly domain: string;
  /** Whether it goes back to that host only, and not to its subdomains. */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: SameSiteAttribute;
  /** The partition that it is confined to; null when it is in none. */
  readonly partition: string | null;
  readonly creation: number;
  /** When it was last sent, or stored; decides who goes when there are too many. */
  lastAccess: number;
  /** Null for a cookie that ends with the session. */
  readonly expires: number | null;
}

/** Why a cookie was not stored, or not sent. A cookie can have several reasons not to be sent. */
export type CookieReason =
  /** Neither name nor value, or a control character. */
  | "syntax"
  /** Name and value have more than 4096 bytes. */
  | "too-large"
  /** `Domain` names something other than the host or a parent of it. */
  | "domain-mismatch"
  /** `Domain` is a public suffix. */
  | "public-suffix"
  /** `Secure`, but the connection is not. */
  | "not-secure-connection"
  /** A cookie of a connection that is not secure would shadow a `Secure` one. */
  | "overwrites-secure"
  /** `HttpOnly`, but a script asks. */
  | "http-only"
  /** The rules of the `__Secure-` prefix are not met. */
  | "secure-prefix"
  /** The rules of the `__Host-` prefix are not met. */
  | "host-prefix"
  /** `SameSite=None` without `Secure`. */
  | "same-site-none-not-secure"
  /** `Partitioned` without `Secure`. */
  | "partitioned-not-secure"
  /** `SameSite=Strict` in a cross-site context. */
  | "same-site-strict"
  /** `SameSite=Lax` in a cross-site context. */
  | "same-site-lax"
  /** No `SameSite`, which counts as Lax, in a cross-site context. */
  | "same-site-unset"
  /** The user agent blocks cookies in third-party contexts. */
  | "third-party";

/** What became of one cookie of one exchange. */
export interface CookieReport {
  readonly action: "refused" | "sent" | "stored" | "withheld";
  /** The cookie's name; for a line that is no cookie, all of it. */
  readonly name: string;
  /** Why it was refused or withheld; empty otherwise. */
  readonly reasons: readonly CookieReason[];
}
