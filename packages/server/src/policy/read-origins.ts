import { isLoopbackHost, type RegistrableDomain } from "@corsac/protocol";
import { isInsecureOrigin } from "../decision/origin-rule.ts";
import { minimalPatterns } from "../origin-set/minimal-patterns.ts";
import { type OriginPattern, parseOriginPattern, serializeOriginPattern } from "../origin-set/origin-pattern.ts";
import type { OriginResolver } from "../resolver/origin-resolver.ts";
import { describeValue } from "./describe-value.ts";
import type { IssueReporter } from "./issue-reporter.ts";
import type { DangerousOptions } from "./policy-options.ts";
import { type ListEntry, type OptionsObject, readList, readOption } from "./read-option.ts";

/** The origins of a policy as they were read. */
export type ReadOrigins =
  | { readonly kind: "any" }
  | { readonly kind: "list"; readonly entries: readonly string[]; readonly patterns: readonly OriginPattern[] }
  | { readonly kind: "resolver"; readonly resolver: OriginResolver };

/** What else decides whether origins are fine. */
export interface OriginContext {
  readonly credentials: boolean;
  readonly dangerously: DangerousOptions;
  /** Null when there is no public suffix list: all suffixes may be public then. */
  readonly registrableDomain: RegistrableDomain | null;
  readonly allowResolver: boolean;
}

const whatToList = 'list the origins whose pages may read responses, or "*" for all';

/** Reads `origins`, and looks at what becomes dangerous together with credentials. */
export function readOrigins(reporter: IssueReporter, options: OptionsObject, context: OriginContext): ReadOrigins {
  const value = readOption(options, "origins");
  if (value === undefined) {
    const message = `is missing: ${whatToList}`;
    reporter.report("option-missing", ["origins"], undefined, message);
  } else if (typeof value === "function") {
    if (context.allowResolver) return { kind: "resolver", resolver: value as OriginResolver };
    reporter.report("resolver-not-json", ["origins"], value, "is a function; only definePolicy takes one");
    return { kind: "any" };
  }
  const entries = readList(reporter, options, "origins");
  if (Array.isArray(value) && value.length === 0) {
    const message = `is empty: ${whatToList}`;
    reporter.report("origins-empty", ["origins"], value, message);
  }
  const wildcard = entries.find(({ text }) => text === "*");
  if (wildcard !== undefined && context.credentials && context.dangerously.anyOriginWithCredentials !== true) {
    const message =
      "* with credentials lets every site act in the visitor's name and read the answers; list the origins, or say " +
      "dangerously.anyOriginWithCredentials";
    reporter.report("origin-any-with-credentials", wildcard.path, "*", message);
  }
  const patterns = entries.flatMap((entry) => readEntry(reporter, entry, context) ?? []);
  if (wildcard !== undefined) return { kind: "any" };
  const minimal = minimalPatterns(patterns);
  const texts = minimal.map(serializeOriginPattern);
  return {
    kind: "list",
    entries: entries.some(({ text }) => text === "null") ? [...texts, "null"] : texts,
    patterns: minimal,
  };
}

/** The pattern in an entry that is fine or has issues of its own; null when it is none. */
function readEntry(reporter: IssueReporter, { text, path }: ListEntry, context: OriginContext): OriginPattern | null {
  const { credentials, dangerously } = context;
  if (text === "*") return null;
  if (text === "null") {
    if (dangerously.nullOrigin !== true) {
      const message = '"null" is everybody\'s; give the page an origin, or say dangerously.nullOrigin';
      reporter.report("origin-null", path, text, message);
    }
    return null;
  }
  const parsing = parseOriginPattern(text);
  if (!parsing.ok) {
    const { code, message, suggestion } = parsing.fault;
    reporter.report(code, path, text, `${describeValue(text)} ${message}`, suggestion);
    return null;
  }
  const { pattern } = parsing;
  if (credentials && dangerously.insecureOriginsWithCredentials !== true && isInsecureOrigin(pattern)) {
    const message =
      `${text} has no transport security, so that anybody on the network can be it; use https, or say ` +
      "dangerously.insecureOriginsWithCredentials";
    reporter.report("origin-insecure-with-credentials", path, text, message, text.replace("http:", "https:"));
  }
  if (credentials && dangerously.publicSuffixWithCredentials !== true && isPublic(pattern, context)) {
    const because =
      context.registrableDomain === null
        ? `there is no list here to tell whether ${pattern.host} is a public suffix`
        : `anybody can register a name below ${pattern.host}`;
    const message = `${because}; list the origins, or say dangerously.publicSuffixWithCredentials`;
    reporter.report("origin-public-suffix-with-credentials", path, text, message);
  }
  return pattern;
}

/**
 * Whether the hosts of a pattern belong to more than one registrable domain. The list is asked about the host itself: that
 * there are suffixes further below, such as s3.amazonaws.com below amazonaws.com, is not seen.
 */
function isPublic({ subdomains, host }: OriginPattern, { registrableDomain }: OriginContext): boolean {
  if (!subdomains || isLoopbackHost(host)) return false;
  return registrableDomain === null || registrableDomain(host) === null;
}
