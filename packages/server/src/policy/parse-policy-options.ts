import type { RegistrableDomain } from "@corsac/protocol";
import type { OriginPattern } from "../origin-set/origin-pattern.ts";
import type { ResolverOptions } from "../resolver/origin-resolver.ts";
import { describeValue } from "./describe-value.ts";
import { IssueReporter } from "./issue-reporter.ts";
import { optionNames, reportUnknownOptions } from "./option-names.ts";
import type { PolicyIssue } from "./policy-issue.ts";
import type { DangerousOptions, PolicyOptions } from "./policy-options.ts";
import { readExposedHeaders, readMethods, readRequestHeaders } from "./read-names.ts";
import { isOptionsObject, type OptionsObject, readBoolean, readInteger, readOption, readWord } from "./read-option.ts";
import { readOrigins } from "./read-origins.ts";

/** Options that are completely checked. */
export interface ParsedOptions {
  /** Minimal: what is a default, a duplicate, or covered by something else is not there. Deeply frozen. */
  readonly options: PolicyOptions;
  /** What the entries of `options.origins` mean, if it is a list. */
  readonly patterns: readonly OriginPattern[];
}

/** What {@link parsePolicyOptions} returns. */
export type OptionsParsing =
  | { readonly ok: true; readonly parsed: ParsedOptions }
  | { readonly ok: false; readonly issues: readonly PolicyIssue[] };

/** What {@link parsePolicyOptions} depends on. */
export interface ParseContext {
  /** Null when there is no public suffix list. */
  readonly registrableDomain: RegistrableDomain | null;
  /** Whether the origins may come from a function. */
  readonly allowResolver: boolean;
}

const successStatuses = [200, 299] as const;

/** Checks the options of a policy completely and finds every issue, not only the first. Reads own properties only. */
export function parsePolicyOptions(value: unknown, { registrableDomain, allowResolver }: ParseContext): OptionsParsing {
  const reporter = new IssueReporter();
  if (!isOptionsObject(value)) {
    reporter.report("policy-not-an-object", [], value, `has to be an object of options, not ${describeValue(value)}`);
    return { ok: false, issues: reporter.issues };
  }
  reportUnknownOptions(reporter, value, "policy", []);
  const credentials = readBoolean(reporter, value, "credentials");
  const dangerously = readDangerously(reporter, value);
  const origins = readOrigins(reporter, value, { credentials, dangerously, registrableDomain, allowResolver });
  const methods = readMethods(reporter, value);
  const requestHeaders = readRequestHeaders(reporter, value, credentials);
  const exposedHeaders = readExposedHeaders(reporter, value, credentials);
  const maxAge = readInteger(reporter, value, "maxAge", {
    code: "max-age-out-of-range",
    noun: "a whole number of seconds",
    ranges: [[-1, 86400]],
  });
  const preflightStatus = readStatus(reporter, value, "preflightStatus", [successStatuses]);
  const refusalStatus = readStatus(reporter, value, "refusalStatus", [successStatuses, [400, 499]]);
  const timing = readBoolean(reporter, value, "timing");
  const resourcePolicy = readWord(reporter, value, "resourcePolicy", ["cross-origin", "same-origin", "same-site"]);
  const resolver = readResolverOptions(reporter, value, typeof readOption(value, "origins") === "function");
  readSchema(reporter, value);
  if (reporter.issues.length > 0) return { ok: false, issues: reporter.issues };

  const options: PolicyOptions = {
    origins: origins.kind === "any" ? "*" : origins.kind === "list" ? origins.entries : origins.resolver,
    ...withoutUndefined({
      credentials: credentials || undefined,
      methods,
      requestHeaders,
      exposedHeaders,
      // Browsers differ about -1, not about 0.
      maxAge: maxAge === -1 ? 0 : maxAge,
      preflightStatus: preflightStatus === 204 ? undefined : preflightStatus,
      refusalStatus: refusalStatus === 403 ? undefined : refusalStatus,
      timing: timing || undefined,
      resourcePolicy,
      dangerously: Object.keys(dangerously).length === 0 ? undefined : dangerously,
      resolver,
    }),
  };
  for (const part of Object.values(options)) if (typeof part === "object") Object.freeze(part);
  const patterns = origins.kind === "list" ? origins.patterns : [];
  return { ok: true, parsed: { options: Object.freeze(options), patterns } };
}

function readStatus(
  reporter: IssueReporter,
  options: OptionsObject,
  name: string,
  ranges: readonly (readonly [number, number])[],
): number | undefined {
  return readInteger(reporter, options, name, { code: "status-out-of-range", noun: "an HTTP status", ranges });
}

function readSchema(reporter: IssueReporter, options: OptionsObject): void {
  const value = readOption(options, "$schema");
  if (value === undefined || typeof value === "string") return;
  reporter.report("option-wrong-type", ["$schema"], value, `has to be a string, not ${describeValue(value)}`);
}

/** The dangerous options that are true. */
function readDangerously(reporter: IssueReporter, options: OptionsObject): DangerousOptions {
  const value = readOption(options, "dangerously");
  if (value === undefined) return {};
  if (!isOptionsObject(value)) {
    const message = `has to be an object of options, not ${describeValue(value)}`;
    reporter.report("option-wrong-type", ["dangerously"], value, message);
    return {};
  }
  reportUnknownOptions(reporter, value, "dangerously", ["dangerously"]);
  const named = optionNames.dangerously.filter((name) => readBoolean(reporter, value, name, ["dangerously"]));
  return Object.fromEntries(named.map((name) => [name, true]));
}

function readResolverOptions(
  reporter: IssueReporter,
  options: OptionsObject,
  hasResolver: boolean,
): ResolverOptions | undefined {
  const value = readOption(options, "resolver");
  if (value === undefined) return undefined;
  const path = ["resolver"];
  if (!isOptionsObject(value)) {
    reporter.report("option-wrong-type", path, value, `has to be an object of options, not ${describeValue(value)}`);
    return undefined;
  }
  if (!hasResolver) reporter.report("resolver-unused", path, value, "has no use, because origins is no function");
  reportUnknownOptions(reporter, value, "resolver", path);
  const read = (name: string, unit: string, range: readonly [number, number]) =>
    readInteger(
      reporter,
      value,
      name,
      { code: "resolver-option-out-of-range", noun: `a whole number of ${unit}`, ranges: [range] },
      path,
    );
  const timeout = read("timeout", "milliseconds", [1, 60_000]);
  const cacheSeconds = read("cacheSeconds", "seconds", [0, 86_400]);
  const cacheSize = read("cacheSize", "origins", [1, 1_000_000]);
  return withoutUndefined({ timeout, cacheSeconds, cacheSize });
}

type WithoutUndefined<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Leaves out what is undefined, so that it is no part of JSON, of equality, and of `in`. */
function withoutUndefined<T extends object>(value: T): WithoutUndefined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as WithoutUndefined<T>;
}
