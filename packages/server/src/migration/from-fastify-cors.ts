import { describeValue } from "../policy/describe-value.ts";
import { type Migration, MigrationDraft } from "./migration.ts";
import { resolverOfCallback, type UnknownFunction } from "./origin-function.ts";
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
  others: [
    "cacheControl",
    "delegator",
    "hideOptionsRoute",
    "hook",
    "logLevel",
    "optionsSuccessStatus",
    "preflight",
    "preflightContinue",
    "strictPreflight",
  ],
} as const;

const defaultMethods = ["GET", "HEAD", "POST"] as const;

/**
 * Reads the options of `@fastify/cors` 11: which policy they were meant to be, and what they really allow.
 *
 * @param options what the plugin is registered with. Of a function, which gives options for each request, nothing can
 * be told.
 * @example
 * const { policy, findings } = fromFastifyCors({ origin: [/example\.com$/], credentials: true });
 */
export function fromFastifyCors(options: object = {}): Migration {
  const draft = new MigrationDraft();
  const delegator = typeof options === "function" ? options : (options as GivenOptions).delegator;
  if (delegator !== undefined) {
    draft.find(
      "options-from-function",
      [],
      delegator,
      "The options depend on the request. Make a policy of each that there can be.",
    );
    return draft.finish();
  }
  const given = renameUnknownOptions(draft, options as GivenOptions, names);
  const { origin } = given;
  if (origin === false) {
    draft.find(
      "cors-disabled",
      ["origin"],
      origin,
      "origin is false: there are no CORS headers, and preflights get 404.",
    );
    return draft.finish();
  }
  if ("origin" in given && !origin) {
    draft.find(
      "every-request-fails",
      ["origin"],
      origin,
      `origin is ${describeValue(origin)}: every request gets 500.`,
    );
    return draft.finish();
  }
  const credentials = readCredentials(draft, given.credentials, "truthy");
  if (credentials) draft.options.credentials = true;
  readOrigin(draft, given, credentials);
  readMethods(draft, given, names.methods, defaultMethods);
  readRequestHeaders(draft, given, names.requestHeaders, (given.allowedHeaders ?? null) === null);
  readExposedHeaders(draft, given, names.exposedHeaders);
  readMaxAge(draft, given.maxAge);
  readPreflightStatus(draft, given.optionsSuccessStatus);
  findWithoutCounterpart(draft, given, {
    cacheControl:
      "Answers to preflights get a Cache-Control header. No cache keeps answers to OPTIONS; maxAge is what browsers heed.",
    hook: "The hook decides what runs before. The policy is applied as early as the framework lets it.",
    preflightContinue: "Preflights go on to the application, which has to answer them. The policy answers them.",
  });
  if (given.preflight === false) {
    draft.find(
      "preflight-not-answered",
      ["preflight"],
      false,
      "Nothing answers preflights but the application. The policy answers them.",
    );
  } else {
    findStanding(draft, [given.strictPreflight === false ? "every-options-answered" : "options-refused"]);
    const isDecidedFirst = typeof origin === "function" || draft.options.origins === "*";
    if (!isDecidedFirst) findStanding(draft, ["denied-preflight-looks-granted"]);
  }
  findStanding(draft, ["foreign-allow-origin-kept"]);
  return draft.finish();
}

function readOrigin(draft: MigrationDraft, given: GivenOptions, credentials: boolean): void {
  const { origin } = given;
  draft.from("origins", ["origin"]);
  if (!("origin" in given) || origin === "*" || (Array.isArray(origin) && origin.includes("*"))) {
    readAnyOrigin(draft, origin);
    return;
  }
  if (typeof origin === "string") {
    readFixedOrigin(draft, origin);
    return;
  }
  findStanding(draft, ["vary-overwritten"]);
  if (typeof origin === "function") {
    findOriginFunction(draft, origin);
    draft.options.origins = resolverOfCallback(origin as UnknownFunction, true);
    return;
  }
  const entries = readOriginEntry(draft, origin, ["origin"], {
    otherEntries: "allow-everybody",
    regexps: "test",
    nested: true,
  });
  settleEntries(draft, entries, ["origin"], origin, credentials);
}
