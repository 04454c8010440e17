import { describeValue } from "../policy/describe-value.ts";
import { type Migration, MigrationDraft } from "./migration.ts";
import {
  findWithoutCounterpart,
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
  findCredentialsForEverybody,
  readAnyOrigin,
  readFixedOrigin,
} from "./read-origin-list.ts";
import { originsMeantBy } from "./regexp-origins.ts";
import { findStanding } from "./standing-differences.ts";

const names = {
  methods: "allowMethods",
  requestHeaders: "allowHeaders",
  exposedHeaders: "exposeHeaders",
  others: ["keepHeadersOnError", "privateNetworkAccess", "secureContext"],
} as const;

const defaultMethods = ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"] as const;

/**
 * Reads the options of `@koa/cors` 5: which policy they were meant to be, and what they really allow.
 *
 * @param options what `cors()` is called with
 * @example
 * const { policy, findings } = fromKoaCors({ credentials: true }); // Every origin, with credentials.
 */
export function fromKoaCors(options: object = {}): Migration {
  const draft = new MigrationDraft();
  const given = renameUnknownOptions(draft, options as GivenOptions, names);
  readOrigin(draft, given, readKoaCredentials(draft, given.credentials));
  readMethods(draft, given, names.methods, defaultMethods);
  const listed = Array.isArray(given.allowHeaders) ? given.allowHeaders.join(",") : given.allowHeaders;
  readRequestHeaders(draft, given, names.requestHeaders, !listed);
  readExposedHeaders(draft, given, names.exposedHeaders);
  readMaxAge(draft, given.maxAge);
  if (given.maxAge === 0) {
    const message = "maxAge 0 counts as none: browsers keep answers to preflights for 5 seconds. The policy sends 0.";
    draft.find("max-age-ignored", ["maxAge"], 0, message);
  }
  findWithoutCounterpart(draft, given, {
    secureContext:
      "Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy are no part of CORS: set them elsewhere.",
    privateNetworkAccess: "Browsers have given up Private Network Access, so that its header does nothing.",
  });
  if (given.keepHeadersOnError !== undefined && !given.keepHeadersOnError) {
    const message = "Errors have no CORS headers, so that pages cannot read them. With the policy they can.";
    draft.find("option-without-counterpart", ["keepHeadersOnError"], given.keepHeadersOnError, message);
  }
  findStanding(draft, ["options-without-cors-headers", "vary-overwritten", "foreign-allow-origin-kept"]);
  return draft.finish();
}

function readKoaCredentials(draft: MigrationDraft, value: unknown): boolean {
  if (typeof value === "function") {
    const message =
      "Whether credentials are allowed depends on the request. The policy allows none: make one with and one without.";
    draft.find("credentials-from-function", ["credentials"], value, message);
    return false;
  }
  const credentials = readCredentials(draft, value, "truthy");
  if (credentials) draft.options.credentials = true;
  return credentials;
}

function readOrigin(draft: MigrationDraft, given: GivenOptions, credentials: boolean): void {
  const { origin } = given;
  draft.from("origins", ["origin"]);
  if (typeof origin === "function") {
    findContextFunction(draft, origin);
    return;
  }
  if (!origin || origin === "*") {
    readAnyOrigin(draft, origin);
    if (credentials || typeof given.credentials === "function") {
      const message = "* together with credentials becomes whatever origin asks, null included.";
      draft.find("reflects-every-origin", ["credentials"], given.credentials, message);
      findCredentialsForEverybody(draft, ["credentials"], given.credentials);
      delete draft.options.origins;
      return;
    }
    findStanding(draft, ["vary-unneeded"]);
    return;
  }
  if (typeof origin === "string") {
    readFixedOrigin(draft, origin);
    findStanding(draft, ["denied-preflight-looks-granted"]);
    return;
  }
  const meant = Array.isArray(origin) ? origin : origin instanceof Set ? [...origin] : [];
  const how = Array.isArray(origin) ? "as one header line for each" : `as the text ${JSON.stringify(String(origin))}`;
  draft.find(
    "origin-sent-as-text",
    ["origin"],
    origin,
    `origin has to be a string or a function. ${describeValue(origin)} is sent ${how}, which browsers refuse unless it happens to be one origin.`,
  );
  draft.options.origins =
    origin instanceof RegExp ? (originsMeantBy(origin) ?? []) : meant.filter((entry) => typeof entry === "string");
}
