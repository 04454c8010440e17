import type { Client, CookieRules, HeaderList, NetworkRequest } from "@corsac/protocol";
import { registrableDomain } from "../site.ts";
import type { Cookie, CookieReason, CookieReport } from "./cookie.ts";
import { type CookieContext, cookieContext, documentCookieContext } from "./cookie-context.ts";
import { CookieStore } from "./cookie-store.ts";
import { parseSetCookie, type SetCookie } from "./parse-set-cookie.ts";
import { toughCookie } from "./tough-cookie.ts";

/** What a {@link CookieJar} needs to know. */
export interface CookieJarOptions {
  /** Which browser's rules apply. */
  readonly rules: CookieRules;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Is told what became of each cookie. */
export type CookieReporter = (report: CookieReport) => void;

/**
 * A cookie jar with the rules of a browser: SameSite, Secure, prefixes, HttpOnly, partitions, third parties, limits.
 *
 * tough-cookie parses attributes and dates and matches paths. Its own jar is not used: it would accept the cookies of
 * `*.localhost` for all of `localhost`, decodes paths before it compares them, takes a domain cookie and a host-only one
 * for the same, and has no partitions.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-user-agent-requirements
 */
export class CookieJar {
  readonly #rules: CookieRules;
  readonly #now: () => number;
  readonly #store = new CookieStore();

  constructor({ rules, now }: CookieJarOptions) {
    this.#rules = rules;
    this.#now = now;
  }

  /**
   * The value of the `Cookie` header of a request; null when there is none.
   *
   * @see https://fetch.spec.whatwg.org/#append-a-request-cookie-header
   */
  cookieHeaderFor(request: NetworkRequest, report?: CookieReporter): string | null {
    if (this.#store.size === 0 || !request.includeCredentials) return null;
    return this.#retrieve(cookieContext(request, this.#rules), report);
  }

  /**
   * Stores the cookies of a response.
   *
   * @see https://fetch.spec.whatwg.org/#parse-and-store-response-set-cookie-headers
   */
  store(request: NetworkRequest, headers: HeaderList, report?: CookieReporter): void {
    if (!request.includeCredentials) return;
    let context: CookieContext | undefined;
    for (const [name, value] of headers) {
      if (name.length !== 10 || name.toLowerCase() !== "set-cookie") continue;
      context ??= cookieContext(request, this.#rules);
      this.#receive(value, context, report);
    }
  }

  /**
   * What `document.cookie` gives in the document of `client` at `url`.
   *
   * @see https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie
   */
  documentCookie(client: Client, url: URL): string {
    if (this.#store.size === 0) return "";
    return this.#retrieve(documentCookieContext(client, url, this.#rules)) ?? "";
  }

  /** Does what setting `document.cookie` to `line` does in the document of `client` at `url`. */
  setDocumentCookie(client: Client, url: URL, line: string, report?: CookieReporter): void {
    this.#receive(line, documentCookieContext(client, url, this.#rules), report);
  }

  /** Stores a cookie as if the user had visited `url` and its response had this `Set-Cookie` line. */
  set(url: URL, line: string, report?: CookieReporter): void {
    const visit = {
      client: null,
      destination: "document",
      method: "GET",
      mode: "navigate",
      url,
      urlList: [url],
    } as const;
    this.#receive(line, cookieContext({ ...visit, origin: { kind: "opaque" } }, this.#rules), report);
  }

  /** Every cookie that has not expired. */
  all(): readonly Cookie[] {
    return this.#store.all(this.#now());
  }

  /** The same: cookies are plain data. */
  toJSON(): readonly Cookie[] {
    return this.all();
  }

  /** Removes every cookie. */
  clear(): void {
    this.#store.clear();
  }

  #retrieve(context: CookieContext, report?: CookieReporter): string | null {
    const now = this.#now();
    const sent: Cookie[] = [];
    for (const cookie of this.#store.matching(context.host, context.path, now)) {
      if (cookie.partition !== null && cookie.partition !== context.partition) continue;
      if (cookie.httpOnly && !context.http) continue;
      const reasons = withholdingReasons(cookie, context, this.#rules, now);
      if (reasons.length === 0) sent.push(cookie);
      else report?.({ action: "withheld", name: cookie.name, reasons });
    }
    if (sent.length === 0) return null;
    for (const cookie of sent) {
      cookie.lastAccess = now;
      report?.({ action: "sent", name: cookie.name, reasons: [] });
    }
    return sent
      .sort(this.#rules.mostSpecificDomainFirst ? bySpecificity : byPathLength)
      .map(serialize)
      .join("; ");
  }

  #receive(line: string, context: CookieContext, report?: CookieReporter): void {
    const now = this.#now();
    const parsed = parseSetCookie(line, now);
    if (typeof parsed === "string") {
      report?.({ action: "refused", name: line, reasons: [parsed] });
      return;
    }
    const result = this.#admit(parsed, context, now);
    if (typeof result === "string") {
      report?.({ action: "refused", name: parsed.name, reasons: [result] });
      return;
    }
    this.#store.put(result, now);
    report?.({ action: "stored", name: parsed.name, reasons: [] });
  }

  /** @see https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-storage-model */
  #admit(parsed: SetCookie, context: CookieContext, now: number): Cookie | CookieReason {
    const { name, value, secure, httpOnly, sameSite, expires } = parsed;
    const rules = this.#rules;
    const isPartitioned = parsed.partitioned && rules.honorsPartitioned;
    const domain = domainOf(parsed.domain, context.host);
    if (typeof domain === "string") return domain;
    if (secure && !context.secure) return "not-secure-connection";
    if (httpOnly && !context.http) return "http-only";
    if (isPartitioned && !secure) return "partitioned-not-secure";
    if (rules.sameSiteNoneNeedsSecure && sameSite === "none" && !secure) return "same-site-none-not-secure";
    const prefixProblem = rules.enforcesPrefixes ? prefixReason(parsed, domain.hostOnly) : null;
    if (prefixProblem !== null) return prefixProblem;
    if (context.thirdParty) {
      if (rules.thirdParty === "send-only" || (rules.thirdParty === "block" && !isPartitioned)) return "third-party";
      const reason = sameSiteReason(parsed, rules);
      if (reason !== null) return reason;
    }
    const isConfined = isPartitioned || (context.thirdParty && rules.thirdParty === "partition");
    const cookie: Cookie = {
      name,
      value,
      ...domain,
      path: parsed.path ?? toughCookie().defaultPath(context.path),
      secure,
      httpOnly,
      sameSite,
      partition: isConfined ? context.partition : null,
      creation: now,
      lastAccess: now,
      expires,
    };
    const others = this.#store.ofSite(context.host, now);
    if (!secure && !context.secure && others.some((other) => isShadowing(cookie, other))) return "overwrites-secure";
    if (!context.http && others.some((other) => other.httpOnly && isReplacing(cookie, other))) return "http-only";
    return cookie;
  }
}

/** @see https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-retrieval-algorithm */
function withholdingReasons(
  cookie: Cookie,
  context: CookieContext,
  rules: CookieRules,
  now: number,
): readonly CookieReason[] {
  const reasons: CookieReason[] = [];
  if (cookie.secure && !context.secure) reasons.push("not-secure-connection");
  const sameSite = sameSiteReason(cookie, rules);
  if (sameSite !== null && !isSameSiteEnough(cookie, sameSite, context, rules, now)) reasons.push(sameSite);
  const isConfined = rules.thirdParty === "block" || rules.thirdParty === "partition";
  if (context.thirdParty && isConfined && cookie.partition === null) reasons.push("third-party");
  return reasons;
}

/** How a cookie is bound to its site, named by the reason that it gives; null when it is not. */
function sameSiteReason({ sameSite }: Pick<Cookie, "sameSite">, rules: CookieRules): CookieReason | null {
  switch (sameSite) {
    case "none":
      return null;
    case "strict":
      return "same-site-strict";
    case "lax":
      return "same-site-lax";
    case "unset":
      return rules.sameSiteDefault === "lax" ? "same-site-unset" : null;
  }
}

function isSameSiteEnough(
  cookie: Cookie,
  bond: CookieReason,
  context: CookieContext,
  rules: CookieRules,
  now: number,
): boolean {
  if (context.sameSite === "strict") return true;
  if (context.sameSite === "cross-site" || bond === "same-site-strict") return false;
  if (context.sameSite === "lax") return true;
  return bond === "same-site-unset" && now - cookie.creation < rules.laxAllowUnsafeSeconds * 1000;
}

function domainOf(domain: string | null, host: string): Pick<Cookie, "domain" | "hostOnly"> | CookieReason {
  if (domain === null) return { domain: host, hostOnly: true };
  const isSuffix = registrableDomain(domain) === null;
  // Addresses and public suffixes may name themselves, nothing more.
  if (domain === host) return { domain, hostOnly: isSuffix };
  if (!host.endsWith(`.${domain}`) || registrableDomain(host) === null) return "domain-mismatch";
  return isSuffix ? "public-suffix" : { domain, hostOnly: false };
}

/** Prefixes count in any case, and a nameless cookie must not look like one that has them. */
function prefixReason(cookie: SetCookie, hostOnly: boolean): CookieReason | null {
  const text = (cookie.name === "" ? cookie.value : cookie.name).slice(0, 9).toLowerCase();
  if (text.startsWith("__secure-")) return cookie.secure && cookie.name !== "" ? null : "secure-prefix";
  if (!text.startsWith("__host-")) return null;
  return cookie.secure && hostOnly && cookie.path === "/" && cookie.name !== "" ? null : "host-prefix";
}

/** "Leave secure cookies alone": whether a connection that is not secure would put `cookie` before the secure `other`. */
function isShadowing(cookie: Cookie, other: Cookie): boolean {
  return (
    other.secure &&
    other.name === cookie.name &&
    (isWithin(other.domain, cookie.domain) || isWithin(cookie.domain, other.domain)) &&
    toughCookie().pathMatch(cookie.path, other.path)
  );
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

function isReplacing(cookie: Cookie, other: Cookie): boolean {
  return (
    cookie.name === other.name &&
    cookie.domain === other.domain &&
    cookie.hostOnly === other.hostOnly &&
    cookie.path === other.path &&
    cookie.partition === other.partition
  );
}

/** Longer paths first, then the older first, which is how they come. */
function byPathLength(a: Cookie, b: Cookie): number {
  return b.path.length - a.path.length;
}

function bySpecificity(a: Cookie, b: Cookie): number {
  return byPathLength(a, b) || b.domain.length - a.domain.length || Number(a.hostOnly) - Number(b.hostOnly);
}

function serialize({ name, value }: Cookie): string {
  return name === "" ? value : `${name}=${value}`;
}
