import { nearestName } from "@corsac/protocol";
import type { IdempotencyStore } from "./idempotency-store.ts";
import { createMemoryStore } from "./memory-store.ts";

/** What `idempotencyKey` takes. Everything may be left out. */
export interface IdempotencyKeyOptions<Scoped = never> {
  /** Where keys and responses are kept. Default: in the memory of this process. */
  readonly store?: IdempotencyStore;
  /** Answer 400 to requests without a key. Default false: they are carried out each time. */
  readonly required?: boolean;
  /** Seconds that a response is kept and its key is known. Default 86400, one day. */
  readonly ttl?: number;
  /**
   * Who the caller is; a key is its caller's, and the same key of another caller is another key. Default: the value of
   * `Authorization`, else that of `Cookie`. Where these change between a request and its retry, as renewed tokens do,
   * name the account here.
   */
  readonly scope?: (request: Scoped) => string | PromiseLike<string>;
  /** Methods that keys are for. Default POST and PATCH: others are idempotent by themselves. */
  readonly methods?: readonly string[];
  /** Accept keys without quotes, as many clients send them. Default false. */
  readonly allowUnquoted?: boolean;
  /** Bytes of a request's body that are read at most; longer ones are answered with 413. Default 1 MiB. */
  readonly maxRequestBytes?: number;
  /**
   * Bytes of a response's body that are kept at most. A longer one goes out whole, but a retry is answered with 409 and
   * is not carried out again. Default 1 MiB.
   */
  readonly maxResponseBytes?: number;
  /**
   * Seconds after which a request whose process died may be carried out again. Processes that live renew the lease.
   * Default 10.
   */
  readonly lease?: number;
  /** Seconds that a request may take at most; then its lease is not renewed any more. Default 300. */
  readonly timeout?: number;
  /** Is given what the store throws when a response cannot be kept. Default `console.error`. */
  readonly onError?: (error: unknown) => void;
}

/** Options with nothing left out; times are in milliseconds. */
export type IdempotencyRules<Scoped> = Required<Omit<IdempotencyKeyOptions<Scoped>, "scope">> & {
  readonly scope: IdempotencyKeyOptions<Scoped>["scope"];
};

const day = 86_400;
const mebibyte = 1_048_576;
const names: readonly string[] = Object.keys({
  store: true,
  required: true,
  ttl: true,
  scope: true,
  methods: true,
  allowUnquoted: true,
  maxRequestBytes: true,
  maxResponseBytes: true,
  lease: true,
  timeout: true,
  onError: true,
} satisfies Record<keyof IdempotencyKeyOptions, true>);

/**
 * Checks options, once, when the application starts.
 *
 * @throws {TypeError} with everything that is wrong
 */
export function readIdempotencyOptions<Scoped>(options: IdempotencyKeyOptions<Scoped>): IdempotencyRules<Scoped> {
  const issues = Object.keys(options)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const nearest = nearestName(name, names);
      return `${name} is no option${nearest === null ? "." : `: write ${nearest}.`}`;
    });
  for (const name of ["ttl", "lease", "timeout", "maxRequestBytes", "maxResponseBytes"] as const) {
    const value: unknown = options[name];
    if (value === undefined || (typeof value === "number" && Number.isFinite(value) && value > 0)) continue;
    issues.push(`${name} is ${String(value)}, not a number greater than 0.`);
  }
  const store: unknown = options.store;
  if (store !== undefined && !isStore(store))
    issues.push("store has no begin: write createSqliteStore(database) or its kin.");
  if (issues.length > 0)
    throw new TypeError(`idempotencyKey cannot be used like this:\n${issues.map((issue) => `- ${issue}`).join("\n")}`);
  return {
    store: options.store ?? createMemoryStore(),
    required: options.required ?? false,
    ttl: (options.ttl ?? day) * 1000,
    scope: options.scope,
    methods: options.methods ?? ["POST", "PATCH"],
    allowUnquoted: options.allowUnquoted ?? false,
    maxRequestBytes: options.maxRequestBytes ?? mebibyte,
    maxResponseBytes: options.maxResponseBytes ?? mebibyte,
    lease: (options.lease ?? 10) * 1000,
    timeout: (options.timeout ?? 300) * 1000,
    // biome-ignore lint/suspicious/noConsole: where it is seen unless the application says otherwise.
    onError: options.onError ?? ((error) => console.error(error)),
  };
}

function isStore(store: unknown): boolean {
  return typeof store === "object" && store !== null && "begin" in store && "complete" in store;
}
