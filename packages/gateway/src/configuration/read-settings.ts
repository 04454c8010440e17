import { type AsyncPolicy, definePolicy, PolicyError, type PolicyOptions } from "@corsac/server";
import {
  type AsyncCrossOriginProtection,
  type CrossOriginProtectionOptions,
  createCrossOriginProtection,
  parseCrossOriginProtection,
} from "@corsac/server/cross-origin-protection";
import type { CacheStore } from "../cache/cache-store.ts";
import { connectionFields } from "../exchange/connection-fields.ts";
import type { IssuePath } from "./configuration-issue.ts";
import type {
  CacheConfiguration,
  CacheStoreConfiguration,
  RetryConfiguration,
  RewriteConfiguration,
  RouteSettings,
  TimeoutConfiguration,
} from "./gateway-configuration.ts";
import type { CacheOptions, RetryOptions, RewriteOptions, TimeoutOptions } from "./gateway-options.ts";
import { describeValue, isOptionsObject, type Names, type OptionsReader } from "./options-reader.ts";
import type { ParseContext } from "./parse-context.ts";

const cacheNames: Names<CacheOptions> = { store: true, maxBytes: true, maxEntryBytes: true, maxWait: true };
const retryNames: Names<RetryOptions> = {
  statuses: true,
  idempotencyKey: true,
  maxBodyBytes: true,
  maxRetryAfter: true,
};
const rewriteNames: Names<RewriteOptions> = { location: true, cookies: true };
const timeoutNames: Names<TimeoutOptions> = { connect: true, response: true, idle: true };

const mebibyte = 1024 * 1024;
const bytes = { least: 0, most: Number.MAX_SAFE_INTEGER, noun: "a whole number of bytes", whole: true } as const;
/** Longer times overflow timers. */
const seconds = { least: 0, most: 86_400, noun: "a number of seconds", whole: false } as const;
const duration = { ...seconds, least: 0.001 } as const;

/** Fields that the gateway or the connection decides about. */
const ownFields: ReadonlySet<string> = new Set([
  ...connectionFields,
  "content-length",
  "expect",
  "forwarded",
  "te",
  "trailer",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);

/** Settings as far as they are written. What depends on others is not decided yet. */
export type WrittenSettings = Partial<Omit<RouteSettings, "protection">> & {
  readonly protection?: boolean | CrossOriginProtectionOptions;
};

/** Reads the settings that a route, open mode and the options around them may have. */
export function readSettings(reader: OptionsReader, context: ParseContext): WrittenSettings {
  return withoutUndefined({
    policy: readPolicy(reader, context),
    protection: readProtection(reader),
    cache: readCache(reader, context),
    retries: readRetries(reader),
    rewrite: readRewrite(reader),
    timeouts: readTimeouts(reader),
    privateAddresses: reader.boolean("privateAddresses"),
    forwardOrigin: reader.boolean("forwardOrigin"),
    requestHeaders: readRequestHeaders(reader, context),
  });
}

/**
 * Settings with nothing left to decide.
 *
 * @param isPrivate whether the upstream is not public by its very name
 */
export function completeSettings({ protection, ...written }: WrittenSettings, isPrivate: boolean): RouteSettings {
  const policy = written.policy ?? null;
  return {
    cache: null,
    retries: defaultRetries,
    rewrite: { location: true, cookies: true },
    timeouts: defaultTimeouts,
    privateAddresses: isPrivate,
    forwardOrigin: false,
    requestHeaders: {},
    ...written,
    policy,
    protection: completeProtection(protection ?? (policy !== null && namesSomebody(policy)), policy),
  };
}

function namesSomebody({ options: { origins } }: AsyncPolicy): boolean {
  return typeof origins === "function" || (origins !== "*" && !origins.includes("*"));
}

function completeProtection(
  written: boolean | CrossOriginProtectionOptions,
  policy: AsyncPolicy | null,
): AsyncCrossOriginProtection | null {
  if (written === false) return null;
  const trust = policy === null ? {} : { policy };
  return createCrossOriginProtection(written === true ? trust : { ...trust, ...written });
}

function readPolicy(reader: OptionsReader, { readPolicyFile }: ParseContext): AsyncPolicy | null | undefined {
  const value = reader.value("policy");
  if (value === undefined || value === null) return value;
  if (isPolicy(value)) return value;
  let options: unknown = value;
  if (typeof value === "string" && readPolicyFile !== null) {
    try {
      options = readPolicyFile(value);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      reader.report("file-unreadable", ["policy"], value, `names a file that cannot be read as JSON: ${reason}`);
      return undefined;
    }
  }
  try {
    return definePolicy(options as PolicyOptions);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    reader.adopt(error.issues, ["policy"]);
    return undefined;
  }
}

function isPolicy(value: unknown): value is AsyncPolicy {
  return typeof value === "object" && value !== null && "decide" in value && typeof value.decide === "function";
}

function readProtection(reader: OptionsReader): boolean | CrossOriginProtectionOptions | undefined {
  const value = reader.value("protection");
  if (value === undefined || typeof value === "boolean") return value;
  const parsing = parseCrossOriginProtection(value);
  if (parsing.ok) return value as CrossOriginProtectionOptions;
  reader.adopt(parsing.issues, ["protection"]);
  return undefined;
}

function readCache(reader: OptionsReader, context: ParseContext): CacheConfiguration | null | undefined {
  const value = reader.value("cache");
  if (value === undefined) return undefined;
  if (value === false) return null;
  const cache = reader.within(["cache"], value === true ? {} : value, cacheNames);
  const maxBytes = cache.number("maxBytes", bytes) ?? 64 * mebibyte;
  return {
    store: readStore(cache, context) ?? { kind: "memory" },
    maxBytes,
    maxEntryBytes: cache.number("maxEntryBytes", bytes) ?? Math.min(5 * mebibyte, maxBytes),
    maxWait: cache.number("maxWait", seconds) ?? 5,
  };
}

function readStore(cache: OptionsReader, { resolveFile }: ParseContext): CacheStoreConfiguration | undefined {
  const value = cache.value("store");
  if (value === undefined) return undefined;
  if (value === "memory") return { kind: "memory" };
  if (isStore(value)) return { kind: "custom", store: value };
  if (!isOptionsObject(value)) {
    const message = `has to be "memory", {"sqlite": file}, {"redis": URL} or a store, not ${describeValue(value)}`;
    cache.report("option-wrong-value", ["store"], value, message, typeof value === "string" ? "memory" : null);
    return undefined;
  }
  const store = cache.within(["store"], value, { sqlite: true, redis: true });
  const file = store.text("sqlite", "a file");
  const url = store.text("redis", "a URL");
  if (store.has("sqlite") === store.has("redis")) {
    store.report("option-wrong-value", [], undefined, "has to have either sqlite or redis");
    return undefined;
  }
  if (file !== undefined) return { kind: "sqlite", file: resolveFile(file) };
  if (url === undefined) return undefined;
  if (/^rediss?:\/\//.test(url) && URL.canParse(url)) return { kind: "redis", url };
  store.report("option-wrong-value", ["redis"], undefined, "has to be a redis: or rediss: URL");
  return undefined;
}

function isStore(value: unknown): value is CacheStore {
  return typeof value === "object" && value !== null && "get" in value && typeof value.get === "function";
}

const defaultRetries: RetryConfiguration = {
  statuses: [],
  idempotencyKey: false,
  maxBodyBytes: 64 * 1024,
  maxRetryAfter: 2,
};

function readRetries(reader: OptionsReader): RetryConfiguration | null | undefined {
  const value = reader.value("retries");
  if (value === undefined) return undefined;
  if (value === false) return null;
  const retries = reader.within(["retries"], value === true ? {} : value, retryNames);
  return {
    statuses: readStatuses(retries) ?? defaultRetries.statuses,
    idempotencyKey: retries.boolean("idempotencyKey") ?? defaultRetries.idempotencyKey,
    maxBodyBytes: retries.number("maxBodyBytes", bytes) ?? defaultRetries.maxBodyBytes,
    maxRetryAfter: retries.number("maxRetryAfter", seconds) ?? defaultRetries.maxRetryAfter,
  };
}

const retryStatuses = [502, 503, 504] as const;

function readStatuses(retries: OptionsReader): RetryConfiguration["statuses"] | undefined {
  const value = retries.value("statuses");
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    const message = `has to be a list of 502, 503 or 504, not ${describeValue(value)}`;
    retries.report("option-wrong-type", ["statuses"], value, message);
    return undefined;
  }
  return (value as readonly unknown[]).flatMap((status, i) => {
    const known = retryStatuses.find((candidate) => candidate === status);
    if (known !== undefined) return [known];
    retries.report(
      "option-wrong-value",
      ["statuses", i],
      status,
      'has to be 502, 503 or 504: others say no "try again"',
    );
    return [];
  });
}

function readRewrite(reader: OptionsReader): RewriteConfiguration | undefined {
  const value = reader.value("rewrite");
  if (value === undefined) return undefined;
  if (typeof value === "boolean") return { location: value, cookies: value };
  const rewrite = reader.within(["rewrite"], value, rewriteNames);
  return { location: rewrite.boolean("location") ?? true, cookies: rewrite.boolean("cookies") ?? true };
}

const defaultTimeouts: TimeoutConfiguration = { connect: 10, response: 60, idle: 300 };

function readTimeouts(reader: OptionsReader): TimeoutConfiguration | undefined {
  const timeouts = reader.object("timeouts", timeoutNames);
  if (timeouts === null) return undefined;
  return {
    connect: timeouts.number("connect", duration) ?? defaultTimeouts.connect,
    response: timeouts.number("response", duration) ?? defaultTimeouts.response,
    idle: timeouts.number("idle", duration) ?? defaultTimeouts.idle,
  };
}

function readRequestHeaders(reader: OptionsReader, { environment }: ParseContext): Record<string, string> | undefined {
  if (environment === null) return reader.headers("requestHeaders", ownFields);
  return reader.headers("requestHeaders", ownFields, (value, path) => fillIn(reader, value, path, environment));
}

/** Puts variables in the places of `${NAME}`. Null, with issues, if one does not exist. */
function fillIn(
  reader: OptionsReader,
  value: string,
  path: IssuePath,
  environment: NonNullable<ParseContext["environment"]>,
): string | null {
  const names = [...value.matchAll(/\$\{([^}]*)\}/g)].map(([, name = ""]) => name);
  const missing = names.filter((name) => (environment[name] ?? "") === "");
  for (const name of missing) {
    reader.report("variable-missing", path, undefined, `needs the environment variable ${name}, which is not set`);
  }
  if (missing.length > 0) return null;
  return value.replace(/\$\{([^}]*)\}/g, (_, name: string) => environment[name] ?? "");
}

type WithoutUndefined<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Leaves out what is undefined, so that it does not hide what is written around it. */
function withoutUndefined<T extends object>(value: T): WithoutUndefined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as WithoutUndefined<T>;
}
