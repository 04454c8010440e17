import {
  byteLowercase,
  type CredentialsMode,
  type Header,
  type HeaderList,
  isForbiddenMethod,
  isForbiddenRequestHeader,
  isHeaderName,
  isHeaderValue,
  isMethod,
  nearestName,
  normalizeHeaderValue,
  normalizeMethod,
  type ProfileName,
  parseOrigin,
  profiles,
  type RedirectMode,
} from "@corsac/protocol";
import { type CheckOptions, CheckOptionsError } from "./check-options.ts";

/** {@link CheckOptions}, completely checked: nothing is optional any more. */
export interface CheckPlan {
  /** Without its fragment, which no request carries. */
  readonly url: URL;
  readonly origin: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly credentials: CredentialsMode;
  readonly cookies: readonly string[];
  readonly body: string | null;
  readonly mode: "cors" | "no-cors" | "same-origin";
  readonly redirect: RedirectMode;
  readonly browser: ProfileName;
  readonly send: boolean;
  readonly probe: boolean;
  /** In lower case. */
  readonly readHeaders: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
  readonly proxy: string | null;
  readonly resolve: Readonly<Record<string, string>>;
  readonly ca: string | Buffer | null;
  readonly insecure: boolean;
  /** `null`: every URL may be asked. */
  readonly permits: ((url: URL) => boolean) | null;
}

/**
 * Checks options and completes them.
 *
 * @throws {CheckOptionsError} with every issue at once
 */
export function planCheck(options: CheckOptions): CheckPlan {
  const issues: string[] = [];
  const url = parseUrl(options.url, issues);
  checkOrigin(options.origin, issues);
  const body = options.body ?? null;
  const method = parseMethod(options.method ?? (body === null ? "GET" : "POST"), body, issues);
  const headers = parseHeaders(options.headers ?? [], issues);
  const cookies = parseCookies(options.cookie, issues);
  const timeout = options.timeout ?? 30;
  // Timers go up to 24 days, and beyond that they fire at once.
  if (!(timeout > 0 && timeout <= 86_400)) {
    issues.push(`The timeout is a number of seconds above 0 and up to 86400 (a day), such as 10; “${timeout}” is not.`);
  }
  const plan = {
    method,
    headers: body === null ? headers : withContentType(headers),
    credentials: oneOf("credentials", options.credentials, ["same-origin", "omit", "include"], issues),
    mode: oneOf("mode", options.mode, ["cors", "no-cors", "same-origin"], issues),
    redirect: oneOf("redirect", options.redirect, ["follow", "error", "manual"], issues),
    browser: oneOf("browser", options.browser, Object.keys(profiles) as ProfileName[], issues),
    readHeaders: (options.readHeaders ?? []).map(byteLowercase),
    proxy: parseProxy(options.proxy, issues),
  };
  if (url === null || issues.length > 0) throw new CheckOptionsError(issues);
  const credentials = options.credentials === undefined && cookies.length > 0 ? "include" : plan.credentials;
  return {
    ...plan,
    url,
    origin: options.origin,
    credentials,
    cookies,
    body,
    send: options.send ?? false,
    probe: options.probe ?? true,
    timeout: timeout * 1000,
    resolve: options.resolve ?? {},
    ca: options.ca ?? null,
    insecure: options.insecure ?? false,
    permits: options.permits ?? null,
  };
}

function parseUrl(given: string | URL, issues: string[]): URL | null {
  const text = String(given);
  if (!URL.canParse(text)) {
    const absolute = `https://${text}`;
    const hint = text.startsWith("/")
      ? `http://localhost:3000${text}`
      : !text.includes("://") && URL.canParse(absolute)
        ? absolute
        : "https://api.example/books";
    issues.push(`“${text}” is not a URL: write it with scheme and host, such as ${hint}.`);
    return null;
  }
  const url = new URL(text);
  const port = /^([a-z0-9.-]+):(\d+)(\/.*)?$/i.exec(text);
  if (port !== null) {
    issues.push(`“${text}” has no scheme: did you mean http://${text}?`);
    return null;
  }
  if (url.username !== "" || url.password !== "") {
    issues.push(
      "No page can fetch a URL with a user name or password in it: leave them out and set the header Authorization.",
    );
    return null;
  }
  url.hash = "";
  return url;
}

function checkOrigin(origin: string, issues: string[]): void {
  const parsed = parseOrigin(origin);
  if (parsed !== null && !/^https?$/.test(parsed.scheme)) {
    issues.push(`“${origin}” is no origin of a web page: corsac speaks for pages of http and https.`);
    return;
  }
  if (origin === "null" || parsed !== null) return;
  if (origin === "*") {
    issues.push("“*” is not an origin: name the one that the page comes from, such as https://app.example.");
    return;
  }
  if (/^file:/i.test(origin)) {
    issues.push(`Pages from files have the origin null: write null instead of “${origin}”.`);
    return;
  }
  const suggestion = serialized(origin) ?? serialized(`https://${origin}`);
  const hint = suggestion === null ? "write one such as https://app.example" : `write ${suggestion}`;
  issues.push(`“${origin}” is not an origin as browsers send it: ${hint}.`);
}

function serialized(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { origin } = new URL(text);
  return origin === "null" || parseOrigin(origin) === null ? null : origin;
}

function parseMethod(given: string, body: string | null, issues: string[]): string {
  if (!isMethod(given)) {
    issues.push(`“${given}” is not a method: a method is one word, such as PUT.`);
  } else if (isForbiddenMethod(given)) {
    issues.push(`No page can send ${given.toUpperCase()}: browsers forbid CONNECT, TRACE and TRACK.`);
  } else if (body !== null && /^(?:GET|HEAD)$/i.test(given)) {
    issues.push(`No page can send a body with ${given.toUpperCase()}: leave out the body or choose another method.`);
  }
  return normalizeMethod(given);
}

function parseHeaders(given: NonNullable<CheckOptions["headers"]>, issues: string[]): Header[] {
  const entries = Symbol.iterator in given ? [...given] : Object.entries(given);
  const headers: Header[] = [];
  for (const [name, rawValue] of entries) {
    const value = normalizeHeaderValue(rawValue);
    if (!isHeaderName(name)) {
      issues.push(`“${name}” is not a header name: write the header as “Name: value”.`);
    } else if (!isHeaderValue(value) || /[^\0-\xff]/.test(value)) {
      issues.push(
        `The value of ${name} has a character that no header may have: a line break, a null byte or one beyond U+00FF.`,
      );
    } else if (isForbiddenRequestHeader(name, value)) {
      issues.push(forbiddenHeader(name));
    } else {
      headers.push([name, value]);
    }
  }
  return headers;
}

function forbiddenHeader(name: string): string {
  const instead: Readonly<Record<string, string>> = {
    cookie: "; give cookies with cookie (--cookie)",
    origin: "; the page's origin is given with origin (--origin)",
    "access-control-request-method": "; it follows from the method",
    "access-control-request-headers": "; it follows from the headers",
    referer: "; it follows from the page",
  };
  return `No script can set ${name}: the browser sets it itself${instead[byteLowercase(name)] ?? ""}.`;
}

function withContentType(headers: readonly Header[]): Header[] {
  const has = headers.some(([name]) => byteLowercase(name) === "content-type");
  // What fetch() adds for a body that is a string.
  return has ? [...headers] : [...headers, ["Content-Type", "text/plain;charset=UTF-8"]];
}

function parseCookies(given: string | undefined, issues: string[]): string[] {
  const pairs = (given ?? "").split(";").map((pair) => pair.trim());
  const cookies = pairs.filter((pair) => pair !== "");
  for (const cookie of cookies) {
    if (!/^[^\s=;,]+=[\x20-\x7e]*$/.test(cookie)) {
      issues.push(`“${cookie}” is not a cookie: write name=value, and “; ” between several.`);
    }
  }
  return cookies;
}

function parseProxy(given: string | undefined, issues: string[]): string | null {
  if (given === undefined) return null;
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given)) {
    issues.push(`“${given}” is not the URL of a proxy: write one such as http://localhost:8080.`);
  }
  return given;
}

/** The value if it is one of `allowed`; the first of them when it is missing. */
function oneOf<T extends string>(what: string, given: T | undefined, allowed: readonly T[], issues: string[]): T {
  const fallback = allowed[0] as T;
  if (given === undefined) return fallback;
  if (allowed.includes(given)) return given;
  const meant = nearestName(given, allowed);
  const hint = meant === null ? `write one of ${allowed.join(", ")}` : `did you mean ${meant}?`;
  issues.push(`There is no ${what} “${given}”: ${hint}${hint.endsWith("?") ? "" : "."}`);
  return fallback;
}
