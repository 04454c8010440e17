import { isForbiddenMethod, isMethod, isToken, parseOrigin } from "@corsac/protocol";
import { maxOriginLength, parseOriginPattern } from "../origin-set/origin-pattern.ts";
import type { PolicyOptions } from "../policy/policy-options.ts";
import type { Explanation } from "./explanation.ts";
import type { Explain, Explainable } from "./outcome.ts";
import { refusedRequestHeader } from "./request-header-names.ts";

type Explained = Pick<Explanation, "change" | "refused" | "rule" | "sentence" | "step">;

/** Makes what explains the decisions of a policy. */
export function createExplain(options: PolicyOptions): Explain {
  return (outcome) => ({ kind: outcome.kind, reason: outcome.reason, ...explained(options, outcome) });
}

function explained(options: PolicyOptions, { reason, origin, asked: wanted }: Explainable): Explained {
  const asked = quote(origin ?? "");
  switch (reason) {
    case "no-origin":
      return unchanged("classification", null, "The request has no Origin header, so it is not a CORS request.");
    case "allowed":
      return unchanged("origin", "origins", `The policy allows ${asked}, whose pages may read the response.`);
    case "granted":
      return unchanged("headers", null, `The policy allows ${asked} the method and the headers it asks for.`);
    case "origin-null":
      return unchanged("origin", "origins", "Origin: null is everybody's. Give the page an origin of its own.");
    case "origin-malformed":
      return unchanged("origin", "origins", `${asked} is no origin that a browser sends.`);
    case "origin-insecure":
      return unchanged(
        "origin",
        "dangerously.insecureOriginsWithCredentials",
        `${asked} has no transport security. Serve it by https.`,
      );
    case "origin-not-allowed":
      return explainOrigin(options, origin ?? "");
    case "resolver-timeout":
      return unchanged("origin", "resolver.timeout", `The resolver did not answer in time about ${asked}.`);
    case "resolver-failed":
      return unchanged("origin", "origins", `The resolver failed when it was asked about ${asked}.`);
    case "resolver-answer-invalid":
      return unchanged("origin", "origins", `The resolver answered neither true nor false about ${asked}.`);
    case "resolver-busy":
      return unchanged("origin", "resolver.cacheSize", `The resolver is asked too much to be asked about ${asked}.`);
    case "method-not-allowed":
      return explainMethod(options, wanted ?? "");
    case "headers-not-allowed":
      return explainHeaders(options, wanted ?? "");
  }
}

function unchanged(step: Explanation["step"], rule: string | null, sentence: string): Explained {
  return { step, rule, refused: null, change: null, sentence };
}

function explainOrigin({ origins }: PolicyOptions, origin: string): Explained {
  const asked = quote(origin);
  const parsed = origin.length > maxOriginLength ? null : parseOrigin(origin);
  if (parsed === null) return unchanged("origin", "origins", `${asked} is no origin that a browser sends.`);
  if (typeof origins === "function") return unchanged("origin", "origins", `The resolver does not allow ${asked}.`);
  const isNear = nearMiss(parsed);
  let near: string | null = null;
  // A long list is not searched to its end: who sends denied origins must not make logs expensive.
  for (const entry of origins.slice(0, maxSearched)) near ??= isNear(entry);
  const sentence = `The policy does not name ${asked}${near === null ? "." : `: ${near}`}`;
  return { ...unchanged("origin", "origins", sentence), change: { option: "origins", add: origin } };
}

/** Origins to compare with one that is not allowed. */
const maxSearched = 1000;

/** Tells what an entry and an origin have in common and what not; null when they have nothing in common. */
function nearMiss(asked: { readonly scheme: string; readonly host: string }): (entry: string) => string | null {
  return (entry) => {
    const parsing = parseOriginPattern(entry);
    if (!parsing.ok) return null;
    const { scheme, host, subdomains } = parsing.pattern;
    if (asked.host === host && subdomains) return `${quote(entry)} covers subdomains only.`;
    if (asked.host !== host && !(subdomains && asked.host.endsWith(`.${host}`))) return null;
    if (asked.scheme !== scheme) return `${quote(entry)} has another scheme.`;
    return `${quote(entry)} has another port.`;
  };
}

function explainMethod({ methods = [] }: PolicyOptions, method: string): Explained {
  const refused = method.slice(0, maxRefused);
  const base = { step: "method", rule: "methods", refused, change: null } as const;
  if (!isMethod(method)) return { ...base, sentence: `${quote(refused)} is no method.` };
  if (isForbiddenMethod(method)) return { ...base, sentence: `No page may use the method ${method}.` };
  const other = [methods].flat().find((listed) => listed.toUpperCase() === method.toUpperCase());
  if (other !== undefined) {
    const sentence = `The page asks for ${quote(refused)}, the policy has ${other}. Change the page: case counts.`;
    return { ...base, sentence };
  }
  const sentence = `The policy does not have the method ${quote(refused)}.`;
  return { ...base, change: refused === method ? { option: "methods", add: method } : null, sentence };
}

function explainHeaders({ credentials = false, requestHeaders = [] }: PolicyOptions, requested: string): Explained {
  const base = { step: "headers", rule: "requestHeaders", change: null } as const;
  const names = new Set([requestHeaders].flat().map((name) => name.toLowerCase()));
  const refused = refusedRequestHeader(names, credentials, requested)?.slice(0, maxRefused) ?? null;
  if (refused === null) {
    const sentence = "Access-Control-Request-Headers has more names, commas or white space than browsers send.";
    return { ...base, refused, sentence };
  }
  if (!isToken(refused)) return { ...base, refused, sentence: `${quote(refused)} is no header name.` };
  const sentence = `The policy does not have the request header ${quote(refused)}.`;
  return { ...base, refused, change: { option: "requestHeaders", add: refused }, sentence };
}

/** Characters of a method or a name to show. */
const maxRefused = 64;

/** Cut and escaped, so that no log can be forged with it. */
function quote(value: string): string {
  const cut = value.length > maxOriginLength ? `${value.slice(0, 80)}…` : value;
  return JSON.stringify(cut);
}
