import type { Header } from "@corsac/protocol";
import { isUnambiguousPath } from "./path-pattern.ts";
import { type ProtectedRequest, rawPath, requestHeader, requestHost } from "./protected-request.ts";
import { type Judgement, type ProtectionRules, singleValue, target } from "./provenance.ts";
import type { RefusalCode, RefusedVerdict, SuggestedChange } from "./verdict.ts";

/** What the client is told. Nothing of the request, nothing of the configuration. */
const texts: Readonly<Record<RefusalCode, { readonly message: string; readonly hint: string }>> = {
  "cookie-without-origin": {
    message: "The request has a cookie but does not tell which origin makes it.",
    hint: "Clients other than browsers: send Origin, or no cookie. In the server's configuration: strict, bypass.",
  },
  "cross-origin": {
    message: "Another origin makes this request, and the server does not trust it.",
    hint: "If the page belongs to this application, a proxy may hide the name that the browser sees. In the server's configuration: publicOrigins, trustProxy, trustedOrigins.",
  },
  "malformed-origin": {
    message: "The Origin header is none that a browser sends to a web application.",
    hint: "Send scheme://host, and :port if it is not the default one. In the server's configuration: trustedOrigins.",
  },
  "not-json": {
    message: "The body has to be JSON and to be declared as such.",
    hint: "Send Content-Type: application/json. In the server's configuration: requireJsonContentType.",
  },
  "not-this-application": {
    message: "The page that makes this request has an address that does not belong to this application.",
    hint: "In the server's configuration: publicOrigins, trustedOrigins.",
  },
  "sec-fetch-site": {
    message: "The browser says that a page of another origin makes this request, and the server does not trust it.",
    hint: "In the server's configuration: trustedOrigins, allowSameSite, bypass.",
  },
};

/** Describes a refusal: the answer, the line for the log, and what to change if it is a false alarm. */
export function describeRefusal(
  request: ProtectedRequest,
  { row, code }: Judgement & { readonly code: RefusalCode },
  rules: ProtectionRules,
  vary: readonly string[],
): RefusedVerdict {
  const changes = suggestedChanges(request, code, rules);
  const headers: Header[] = [
    ["cache-control", "no-store"],
    ["content-type", "application/json"],
  ];
  if (vary.length > 0) headers.push(["vary", vary.join(", ")]);
  return {
    ok: false,
    row,
    code,
    status: 403,
    headers,
    body: `${JSON.stringify({ code, ...texts[code] })}\n`,
    logLine: logLine(request, row, code, rules, changes),
    changes,
    vary,
  };
}

function suggestedChanges(request: ProtectedRequest, code: RefusalCode, rules: ProtectionRules): SuggestedChange[] {
  const origin = requestHeader(request, "origin");
  const named = origin === null || origin === "null" ? null : origin;
  const trusted = named === null ? [] : [{ option: "trustedOrigins", add: named }];
  const path = rawPath(request);
  const bypass = path === null || !isUnambiguousPath(path) ? [] : [{ option: "bypass", add: path }];
  switch (code) {
    case "cookie-without-origin":
      return [...bypass, { option: "strict", add: false }];
    case "cross-origin":
      if (named === null) return bypass;
      // The same host, but a page that came without TLS: no option makes that safe.
      if (isDowngrade(request, named, rules)) return [];
      return [...proxyChange(request, named, rules), { option: "publicOrigins", add: named }, ...trusted];
    case "malformed-origin":
      return [];
    case "not-json":
      return [...bypass, { option: "requireJsonContentType", add: false }];
    case "not-this-application":
      return [{ option: "publicOrigins", add: named ?? "" }, ...trusted];
    case "sec-fetch-site": {
      const isSameSite = requestHeader(request, "sec-fetch-site") === "same-site";
      return [...trusted, ...(isSameSite ? [{ option: "allowSameSite", add: true }] : []), ...bypass];
    }
  }
}

/** `trustProxy`, if what the proxy says makes the origin the application's own. */
function proxyChange(request: ProtectedRequest, origin: string, { trustProxy }: ProtectionRules): SuggestedChange[] {
  const forwarded = trustProxy ? null : singleValue(request, "x-forwarded-host");
  return forwarded?.toLowerCase() === hostOf(origin) ? [{ option: "trustProxy", add: true }] : [];
}

function isDowngrade(request: ProtectedRequest, origin: string, { trustProxy }: ProtectionRules): boolean {
  const { host, isTls } = target(request, trustProxy);
  return isTls && origin.startsWith("http:") && host?.toLowerCase() === hostOf(origin);
}

function hostOf(origin: string): string {
  return origin.slice(origin.indexOf("://") + 3);
}

function logLine(
  request: ProtectedRequest,
  row: number,
  code: RefusalCode,
  rules: ProtectionRules,
  changes: readonly SuggestedChange[],
): string {
  const seen = (["origin", "sec-fetch-site", "x-forwarded-host", "x-forwarded-proto", "content-type"] as const).flatMap(
    (name) => {
      const value = requestHeader(request, name);
      return value === null ? [] : [`${name} ${quote(value)}`];
    },
  );
  const host = requestHost(request);
  if (host !== null) seen.push(`host ${quote(host)}`);
  const asked = `${token(request.method ?? "GET")} ${quote(rawPath(request) ?? "")}`;
  return `Cross-origin protection: ${asked}: ${code} (row ${row}); ${seen.join(", ")}. ${advice(request, code, rules, changes)}`;
}

function advice(
  request: ProtectedRequest,
  code: RefusalCode,
  rules: ProtectionRules,
  changes: readonly SuggestedChange[],
): string {
  const options = changes.map(({ option, add }) => `${option}: ${typeof add === "string" ? `[${quote(add)}]` : add}`);
  const list = options.join(" or ");
  switch (code) {
    case "cross-origin": {
      if (requestHeader(request, "origin") === "null") {
        const cause = "A sandboxed frame, a data: URL, a redirect from another origin or Referrer-Policy: no-referrer";
        return `${cause} makes Origin null; pages of this application should use Referrer-Policy: same-origin.`;
      }
      if (options.length === 0) return "The page came over http: redirect to https and send Strict-Transport-Security.";
      const ambiguous = rules.trustProxy && (requestHeader(request, "x-forwarded-host") ?? "").includes(",");
      return `${ambiguous ? "X-Forwarded-Host is a list: the proxy has to replace it. " : ""}If browsers know this application as that origin, a proxy has changed Host. If it is a false alarm, set ${list}.`;
    }
    case "malformed-origin":
      return "No browser sends that to a web application; a browser extension's origin can stand in trustedOrigins.";
    case "not-json":
      return `The client has to send Content-Type: application/json. If it cannot, set ${list}.`;
    case "cookie-without-origin":
    case "not-this-application":
    case "sec-fetch-site":
      return `If it is a false alarm, set ${list}.`;
  }
}

function token(method: string): string {
  return /^[\w-]{1,20}$/.test(method) ? method : quote(method);
}

/** Cut and escaped, so that a line of the log stays one line and shows what is there. */
function quote(value: string): string {
  const escaped = JSON.stringify(value.slice(0, 120)).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return value.length > 120 ? `${escaped}...` : escaped;
}
