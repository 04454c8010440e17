import {
  isCorsSafelistedMethod,
  isCorsSafelistedResponseHeaderName,
  isForbiddenMethod,
  isForbiddenRequestHeaderName,
  isForbiddenResponseHeaderName,
  isMethod,
  isToken,
  normalizeMethod,
} from "@corsac/protocol";
import { describeValue } from "./describe-value.ts";
import type { IssueReporter } from "./issue-reporter.ts";
import type { PolicyJson } from "./policy-options.ts";
import { type ListEntry, type OptionsObject, readList } from "./read-option.ts";

/** The methods of web APIs that browsers do not turn into upper case. */
const notNormalized: ReadonlySet<string> = new Set(["PATCH", "QUERY"]);

/**
 * Reads `methods`. Normalizes them as browsers do, and leaves those out that need no permission.
 *
 * @returns undefined for none
 */
export function readMethods(reporter: IssueReporter, options: OptionsObject): PolicyJson["methods"] {
  const methods = new Set<string>();
  for (const { text, path } of readList(reporter, options, "methods")) {
    const method = normalizeMethod(text);
    const upperCase = text.toUpperCase();
    if (!isMethod(text)) {
      reporter.report("method-invalid", path, text, `${describeValue(text)} is no method`, meantToken(text));
    } else if (isForbiddenMethod(text)) {
      reporter.report("method-forbidden", path, text, `${text} is a method that no page may use`);
    } else if (notNormalized.has(upperCase) && text !== upperCase) {
      // `fetch(url, { method: "patch" })` sends "patch", which next to no server understands.
      const message = `${describeValue(text)} is another method than ${upperCase}: upper and lower case differ`;
      reporter.report("method-case", path, text, message, upperCase);
    } else if (!isCorsSafelistedMethod(method)) {
      methods.add(method);
    }
  }
  return methods.has("*") ? "*" : listOf(methods);
}

/** The response headers of the CORS protocol, which make no sense in a request. */
const corsResponseHeader = /^access-control-(?:allow-(?:origin|credentials|methods|headers)|expose-headers|max-age)$/i;

/** The request headers of the CORS protocol, and response headers of preflights: no script ever reads them. */
const corsRequestHeader =
  /^(?:origin|access-control-(?:request-(?:method|headers)|allow-(?:methods|headers)|max-age))$/i;

/**
 * Reads `requestHeaders`.
 *
 * @returns undefined for none
 */
export function readRequestHeaders(
  reporter: IssueReporter,
  options: OptionsObject,
  credentials: boolean,
): PolicyJson["requestHeaders"] {
  const names = readHeaderNames(reporter, readList(reporter, options, "requestHeaders"), (name) => {
    if (isForbiddenRequestHeaderName(name))
      return ["request-header-forbidden", "belongs to the browser; no script may set it"];
    if (corsResponseHeader.test(name)) return ["request-header-forbidden", "is a response header of the CORS protocol"];
    return null;
  });
  if (!names.has("*")) return listOf(names.values());
  const authorization = names.get("authorization");
  return credentials || authorization === undefined ? "*" : ["*", authorization];
}

/**
 * Reads `exposedHeaders`. Leaves those out that scripts may read anyway.
 *
 * @returns undefined for none
 */
export function readExposedHeaders(
  reporter: IssueReporter,
  options: OptionsObject,
  credentials: boolean,
): PolicyJson["exposedHeaders"] {
  const entries = readList(reporter, options, "exposedHeaders");
  const names = readHeaderNames(reporter, entries, (name) => {
    if (isForbiddenResponseHeaderName(name)) return ["exposed-header-forbidden", "is never shown to scripts"];
    if (corsRequestHeader.test(name))
      return ["exposed-header-forbidden", "belongs to the CORS protocol; there is nothing to read in it"];
    return null;
  });
  const wildcard = entries.find(({ text }) => text === "*");
  if (wildcard !== undefined && credentials) {
    const message = "* stands for a header of that name when credentials are allowed; list the names";
    reporter.report("exposed-headers-wildcard-with-credentials", wildcard.path, "*", message);
  }
  if (names.has("*")) return "*";
  return listOf([...names.values()].filter((name) => !isCorsSafelistedResponseHeaderName(name, [])));
}

type Objection = readonly [code: "exposed-header-forbidden" | "request-header-forbidden", reason: string];

/** Header names as they are written, by their lower case. */
function readHeaderNames(
  reporter: IssueReporter,
  entries: readonly ListEntry[],
  objectionTo: (name: string) => Objection | null,
): Map<string, string> {
  const names = new Map<string, string>();
  for (const { text, path } of entries) {
    const objection = objectionTo(text);
    if (!isToken(text)) {
      reporter.report("header-name-invalid", path, text, `${describeValue(text)} is no header name`, meantToken(text));
    } else if (objection !== null) {
      reporter.report(objection[0], path, text, `${text} ${objection[1]}`);
    } else if (!names.has(text.toLowerCase())) {
      names.set(text.toLowerCase(), text);
    }
  }
  return names;
}

/** The token in a string that somebody took for one, such as the name in `name: value`. */
function meantToken(text: string): string | readonly string[] | null {
  const tokens = text.split(",").map((part) => part.trim().replace(/\s*:.*$/s, ""));
  if (!tokens.every(isToken)) return null;
  return tokens.length === 1 ? (tokens[0] ?? null) : tokens;
}

function listOf(names: Iterable<string>): readonly string[] | undefined {
  const list = [...names];
  return list.length === 0 ? undefined : list;
}
