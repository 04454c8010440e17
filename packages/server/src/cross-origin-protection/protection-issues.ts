import { nearestName } from "@corsac/protocol";
import { parseOriginPattern } from "../origin-set/origin-pattern.ts";
import { describeValue } from "../policy/describe-value.ts";
import { type PathPatternFault, pathPatternFault } from "./path-pattern.ts";
import type { ProtectionIssue, ProtectionIssueCode } from "./protection-error.ts";
import type { CrossOriginProtectionOptions } from "./protection-options.ts";

type OptionKind = "boolean" | "function" | "origins" | "paths" | "policy";

const kinds: Readonly<Record<keyof CrossOriginProtectionOptions, OptionKind>> = {
  allowSameSite: "boolean",
  alsoProtect: "paths",
  bypass: "paths",
  log: "function",
  methodOverride: "boolean",
  policy: "policy",
  publicOrigins: "origins",
  reportOnly: "boolean",
  requireJsonContentType: "boolean",
  strict: "boolean",
  trustProxy: "boolean",
  trustedOrigins: "origins",
};

/** Names that other libraries have for the same things. */
const otherNames: Readonly<Record<string, keyof CrossOriginProtectionOptions>> = {
  allowedOrigins: "trustedOrigins",
  exclude: "bypass",
  ignore: "bypass",
  ignorePaths: "bypass",
  insecureBypass: "bypass",
  origin: "trustedOrigins",
  origins: "trustedOrigins",
  skip: "bypass",
  trustedOrigin: "trustedOrigins",
};

/** Lists everything that is wrong with the options of a protection; nothing if they are right. */
export function protectionIssues(options: unknown): ProtectionIssue[] {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    const message = `The options have to be an object, not ${describeValue(options)}.`;
    return [{ code: "options-not-an-object", path: [], value: options, message, suggestion: null }];
  }
  return Object.entries(options).flatMap(([name, value]) => {
    if (!isOptionName(name)) return [unknownOption(name, value)];
    return value === undefined ? [] : optionIssues(name, value);
  });
}

function isOptionName(name: string): name is keyof CrossOriginProtectionOptions {
  return Object.hasOwn(kinds, name);
}

function unknownOption(name: string, value: unknown): ProtectionIssue {
  const other = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
  const suggestion = other ?? nearestName(name, Object.keys(kinds));
  const meant = suggestion === null ? "" : `; ${suggestion} may be meant`;
  return { code: "option-unknown", path: [name], value, message: `There is no option ${name}${meant}.`, suggestion };
}

function optionIssues(name: keyof CrossOriginProtectionOptions, value: unknown): ProtectionIssue[] {
  const kind = kinds[name];
  switch (kind) {
    case "boolean":
    case "function": {
      const isString = value === "true" || value === "false";
      return typeof value === kind ? [] : [wrongType(name, value, `a ${kind}`, isString ? value : null)];
    }
    case "policy":
      return isPolicy(value) ? [] : [wrongType(name, value, "what definePolicy returns", null)];
    case "origins":
    case "paths": {
      if (!Array.isArray(value)) {
        const suggestion = typeof value === "string" ? `[${JSON.stringify(value)}]` : null;
        return [wrongType(name, value, "a list of strings", suggestion)];
      }
      if (name === "publicOrigins" && value.length === 0) {
        const message = "publicOrigins is empty: no browser could send an unsafe request. Leave it out or list some.";
        return [{ code: "public-origins-empty", path: [name], value, message, suggestion: null }];
      }
      return value.flatMap((entry: unknown, index) => {
        const path = [name, index] as const;
        if (typeof entry !== "string") return [wrongType(`${name}[${index}]`, entry, "a string", null, path)];
        const fault = kind === "paths" ? pathFault(entry) : originFault(entry, name === "publicOrigins");
        if (fault === null) return [];
        const { code, clause, suggestion } = fault;
        const instead = suggestion === null ? "" : `; write ${JSON.stringify(suggestion)}`;
        const message = `${name}[${index}], ${describeValue(entry)}, ${clause}${instead}.`;
        return [{ code, path, value: entry, message, suggestion }];
      });
    }
  }
}

function wrongType(
  name: string,
  value: unknown,
  wanted: string,
  suggestion: string | null,
  path: ProtectionIssue["path"] = [name],
): ProtectionIssue {
  const message = `${name} has to be ${wanted}, not ${describeValue(value)}.`;
  return { code: "option-wrong-type", path, value, message, suggestion };
}

/** Reports whether a value can be asked whom it trusts, as policies can. */
export function isPolicy(value: unknown): boolean {
  return typeof value === "object" && value !== null && typeof (value as { trusts?: unknown }).trusts === "function";
}

interface Fault {
  readonly code: ProtectionIssueCode;
  readonly clause: string;
  readonly suggestion: string | null;
}

/** Origins are compared byte by byte, so that one which no browser sends would never match. */
function originFault(value: string, isPublic: boolean): Fault | null {
  if (value === "null") {
    const clause = "is the origin of every sandboxed document and every data: URL";
    return { code: "origin-null", clause, suggestion: null };
  }
  if (value === "*") return { code: "origin-pattern", clause: "would trust every page on the web", suggestion: null };
  const parsing = parseOriginPattern(value);
  if (!parsing.ok) {
    const { code, message, suggestion } = parsing.fault;
    return { code, clause: message, suggestion };
  }
  const { scheme, subdomains, port } = parsing.pattern;
  if (subdomains || port === "*") {
    const clause = "is a pattern, but each origin has to be named; a policy may have patterns";
    return { code: "origin-pattern", clause, suggestion: null };
  }
  if (isPublic && scheme !== "http" && scheme !== "https") {
    return { code: "origin-scheme-unsupported", clause: "is not an origin of http or https", suggestion: null };
  }
  return null;
}

const pathFaults: Readonly<Record<PathPatternFault, { readonly code: ProtectionIssueCode; readonly clause: string }>> =
  {
    ambiguous: {
      code: "path-ambiguous",
      clause:
        "has dot segments, encoded dots or slashes, backslashes, empty segments, a malformed encoding or characters outside visible ASCII",
    },
    "not-absolute": { code: "path-not-absolute", clause: "does not begin with /" },
    "not-a-path": { code: "path-not-a-path", clause: "has a query or a fragment" },
    "wildcard-misplaced": {
      code: "path-wildcard-misplaced",
      clause: "has a * elsewhere than as its last segment",
    },
  };

function pathFault(value: string): Fault | null {
  const fault = pathPatternFault(value);
  return fault === null ? null : { ...pathFaults[fault], suggestion: meantPath(value, fault) };
}

function meantPath(value: string, fault: PathPatternFault): string | null {
  const meant = {
    ambiguous: URL.canParse(value, "http://a.example") ? new URL(value, "http://a.example").pathname : null,
    "not-absolute": URL.canParse(value) ? new URL(value).pathname : `/${value}`,
    "not-a-path": value.replace(/[?#].*$/s, ""),
    "wildcard-misplaced": value.replace(/\*+$/, "/*").replace("//", "/"),
  }[fault];
  return meant !== null && meant !== value && pathPatternFault(meant) === null ? meant : null;
}
