import { describeValue } from "../policy/describe-value.ts";
import { type Migration, MigrationDraft } from "./migration.ts";
import { resolverOfReturned, type UnknownFunction } from "./origin-function.ts";
import {
  type GivenOptions,
  readCredentials,
  readExposedHeaders,
  readMaxAge,
  readMethods,
  readRequestHeaders,
  renameUnknownOptions,
} from "./read-common-options.ts";
import {
  findContextFunction,
  findOriginFunction,
  meantOrigins,
  readAnyOrigin,
  readOriginList,
} from "./read-origin-list.ts";
import { originsMeantBy } from "./regexp-origins.ts";
import { findStanding } from "./standing-differences.ts";

const names = {
  methods: "allowMethods",
  requestHeaders: "allowHeaders",
  exposedHeaders: "exposeHeaders",
  others: [],
} as const;

const defaultMethods = ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "QUERY"] as const;

/**
 * Reads the options of `hono/cors` 4.13: which policy they were meant to be, and what they really allow.
 *
 * @param options what `cors()` is called with
 * @example
 * const { policy, findings } = fromHonoCors({ origin: ["*"] }); // Nobody at all.
 */
export function fromHonoCors(options: object = {}): Migration {
  const draft = new MigrationDraft();
  const given = renameUnknownOptions(draft, options as GivenOptions, names);
  const credentials = readCredentials(draft, given.credentials, "truthy");
  if (credentials) draft.options.credentials = true;
  readOrigin(draft, given);
  if (typeof given.allowMethods === "function") {
    const message = "The methods depend on the request. The policy allows none that needs permission: list them.";
    draft.find("methods-from-function", ["allowMethods"], given.allowMethods, message);
  } else {
    readMethods(draft, given, names.methods, defaultMethods);
  }
  const headers = given.allowHeaders;
  const isReflecting = !(typeof headers === "object" && headers !== null && (headers as { length?: number }).length);
  readRequestHeaders(draft, given, names.requestHeaders, isReflecting);
  readExposedHeaders(draft, given, names.exposedHeaders);
  readMaxAge(draft, given.maxAge);
  findStanding(draft, ["every-options-answered", "foreign-allow-origin-kept"]);
  if (draft.options.origins !== "*") findStanding(draft, ["denied-preflight-looks-granted"]);
  return draft.finish();
}

function readOrigin(draft: MigrationDraft, given: GivenOptions): void {
  const { origin } = given;
  draft.from("origins", ["origin"]);
  if (!("origin" in given) || origin === "*") {
    readAnyOrigin(draft, origin);
  } else if (typeof origin === "string") {
    draft.options.origins = origin === "" ? [] : meantOrigins(draft, origin, ["origin"]);
    if (origin === "")
      draft.find("origin-never-matches", ["origin"], origin, "The empty string never matches an origin.");
  } else if (typeof origin === "function") {
    readOriginFunction(draft, origin as UnknownFunction);
  } else if (Array.isArray(origin)) {
    const rules = { otherEntries: "ignore", regexps: "ignore", nested: false } as const;
    draft.options.origins = readOriginList(draft, origin, ["origin"], rules);
  } else {
    draft.find(
      "every-request-fails",
      ["origin"],
      origin,
      `origin is ${describeValue(origin)}: every request gets 500.`,
    );
    const meant = origin instanceof Set ? [...origin] : origin instanceof RegExp ? (originsMeantBy(origin) ?? []) : [];
    draft.options.origins = meant.filter((entry) => typeof entry === "string");
  }
}

function readOriginFunction(draft: MigrationDraft, origin: UnknownFunction): void {
  if (origin.length > 1) {
    findContextFunction(draft, origin);
    return;
  }
  findOriginFunction(draft, origin);
  draft.options.origins = resolverOfReturned(origin);
}
