import { describeValue } from "../policy/describe-value.ts";
import { type Migration, MigrationDraft } from "./migration.ts";
import { isAsyncFunction, resolverOfCallback, type UnknownFunction } from "./origin-function.ts";
import {
  findWithoutCounterpart,
  type GivenOptions,
  readCredentials,
  readExposedHeaders,
  readMaxAge,
  readMethods,
  readPreflightStatus,
  readRequestHeaders,
  renameUnknownOptions,
} from "./read-common-options.ts";
import {
  findOriginFunction,
  readAnyOrigin,
  readFixedOrigin,
  readOriginEntry,
  settleEntries,
} from "./read-origin-list.ts";
import { findStanding } from "./standing-differences.ts";

const names = {
  methods: "methods",
  requestHeaders: "allowedHeaders",
  exposedHeaders: "exposedHeaders",
  others: ["headers", "optionsSuccessStatus", "preflightContinue"],
} as const;

const defaultMethods = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"] as const;

/**
 * Reads the options of `cors` 2.8, the middleware of Express: which policy they were meant to be, and what they really
 * allow.
 *
 * @param options what `cors()` is called with; nothing or an object. Of a function, which gives options for each
 * request, nothing can be told.
 * @example
 * const { policy, findings } = fromExpressCors({ origin: new Set(["https://app.example"]), credentials: true });
 * console.log(findings[0].message);
 */
export function fromExpressCors(options: object = {}): Migration {
  const draft = new MigrationDraft();
  if (typeof options === "function") {
    draft.find(
      "options-from-function",
      [],
      options,
      "The options depend on the request. Make a policy of each that there can be.",
    );
    return draft.finish();
  }
  const given = renameUnknownOptions(draft, options as GivenOptions, names);
  const isDisabled = "origin" in given && !given.origin;
  if (isDisabled) {
    const message = `origin is ${describeValue(given.origin)}: there are no CORS headers at all, and no Vary either.`;
    draft.find("cors-disabled", ["origin"], given.origin, message);
    return draft.finish();
  }
  if (readCredentials(draft, given.credentials, "only-true")) draft.options.credentials = true;
  readOrigin(draft, given, given.credentials === true);
  readMethods(draft, given, names.methods, defaultMethods);
  if ("methods" in given && (given.methods === undefined || given.methods === null)) {
    const message = `methods is ${describeValue(given.methods)}, which replaces the default: every preflight fails with 500.`;
    draft.find("preflight-fails", ["methods"], given.methods, message);
  }
  const headers = { allowedHeaders: given.allowedHeaders || given.headers };
  readRequestHeaders(draft, headers, names.requestHeaders, !headers.allowedHeaders);
  readExposedHeaders(draft, given, names.exposedHeaders);
  readMaxAge(draft, given.maxAge);
  readPreflightStatus(draft, given.optionsSuccessStatus);
  findWithoutCounterpart(draft, given, {
    preflightContinue: "Preflights go on to the application, which has to answer them. The policy answers them.",
  });
  if (!given.preflightContinue) findStanding(draft, ["every-options-answered"]);
  findStanding(draft, ["foreign-allow-origin-kept"]);
  return draft.finish();
}

function readOrigin(draft: MigrationDraft, given: GivenOptions, credentials: boolean): void {
  const { origin } = given;
  draft.from("origins", ["origin"]);
  if (!("origin" in given) || origin === "*") {
    readAnyOrigin(draft, origin);
    return;
  }
  if (typeof origin === "function") {
    readOriginFunction(draft, origin as UnknownFunction);
    return;
  }
  findStanding(draft, ["denied-preflight-looks-granted"]);
  if (typeof origin === "string") {
    readFixedOrigin(draft, origin);
    return;
  }
  findStanding(draft, ["vary-overwritten"]);
  const entries = readOriginEntry(draft, origin, ["origin"], {
    otherEntries: "allow-everybody",
    regexps: "keep-state",
    nested: true,
  });
  settleEntries(draft, entries, ["origin"], origin, credentials);
}

function readOriginFunction(draft: MigrationDraft, origin: UnknownFunction): void {
  if (isAsyncFunction(origin) && origin.length < 2) {
    const message =
      "An async function that does not call back leaves every request without an answer. The policy waits for its promise.";
    draft.find("every-request-hangs", ["origin"], origin, message);
  }
  findOriginFunction(draft, origin);
  findStanding(draft, ["vary-missing", "vary-overwritten"]);
  draft.options.origins = resolverOfCallback(origin, true);
}
