import type { GatewayOptions, ListenOptions, ObservationOptions } from "@corsac/gateway";
import { defined, type Flags, headersOf, numberOf, type ReadFlags, readFlags } from "./read-flags.ts";
import { UsageError } from "./usage-error.ts";

/** What the command line of `corsac gateway` says. */
export interface GatewayArguments {
  /** What the gateway is to be, not checked yet; or the file that says it. */
  readonly source: { readonly options: GatewayOptions } | { readonly file: string };
  /** What stands in the place of what a file says. */
  readonly listen: ListenOptions;
  readonly observe: ObservationOptions;
  readonly workers: number;
  /** Seconds for requests under way. */
  readonly deadline: number;
  /** `null` when nothing is said about colour. */
  readonly color: false | null;
  readonly help: boolean;
}

/** What makes a gateway without a file. */
const routeFlags = {
  origin: { type: "string", multiple: true },
  credentials: { type: "boolean" },
  methods: { type: "string", multiple: true },
  "request-headers": { type: "string", multiple: true },
  "exposed-headers": { type: "string", multiple: true },
  header: { type: "string", short: "H", multiple: true },
  open: { type: "string", multiple: true },
  "allow-private": { type: "boolean" },
  "no-retries": { type: "boolean" },
  cache: { type: "string" },
  "no-cache": { type: "boolean" },
  host: { type: "string", multiple: true },
} as const satisfies Flags;

const flags = {
  ...routeFlags,
  port: { type: "string" },
  address: { type: "string" },
  tls: { type: "boolean" },
  "tls-key": { type: "string" },
  "tls-certificate": { type: "string" },
  workers: { type: "string" },
  config: { type: "string" },
  "access-log": { type: "string" },
  har: { type: "string" },
  metrics: { type: "boolean" },
  deadline: { type: "string" },
  "no-color": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const satisfies Flags;

const examples: Partial<Record<keyof typeof flags, string>> = {
  origin: "http://localhost:3000",
  methods: "PUT,DELETE",
  "request-headers": "Content-Type",
  "exposed-headers": "ETag",
  header: "'X-Api-Key: …'",
  open: "https://api.example",
  cache: "cache.db",
  host: "gateway.example",
  port: "8080",
  address: "0.0.0.0",
  "tls-key": "key.pem",
  "tls-certificate": "certificate.pem",
  workers: "2",
  config: "gateway.json",
  "access-log": "access.log",
  har: "gateway.har",
  deadline: "10",
};

/** Which part of the command line an issue of the options is about. */
const flagOfOption: Readonly<Record<string, string>> = {
  upstream: "<upstream>",
  "policy.origins": "--origin",
  "policy.credentials": "--credentials",
  "policy.methods": "--methods",
  "policy.requestHeaders": "--request-headers",
  "policy.exposedHeaders": "--exposed-headers",
  requestHeaders: "--header",
  "open.allow": "--open",
  cache: "--cache",
  hosts: "--host",
  "listen.port": "--port",
  "listen.address": "--address",
};

/** The option of the command line that made what is at `path` in the options of the gateway; null for a file's own. */
export function flagOf(path: readonly (string | number)[]): string | null {
  const [first = "", second = ""] = path;
  return flagOfOption[`${first}.${second}`] ?? flagOfOption[first] ?? null;
}

/**
 * Reads the arguments that follow `corsac gateway`. Whether origins, URLs and the like are any is for the gateway to say.
 *
 * @throws {UsageError} with every issue at once
 */
export function parseGatewayArguments(args: readonly string[]): GatewayArguments {
  const read = readFlags("corsac gateway", flags, examples, args);
  const { text, has, issues } = read;
  if (has("help")) return { ...nothing, help: true };
  const file = text("config");
  const listen = readListen(read);
  const observe = defined({
    accessLog: text("access-log"),
    har: text("har"),
    metrics: has("metrics") ? "/-/metrics" : undefined,
  });
  const workers = numberOf("--workers", text("workers"), "processes", issues) ?? 1;
  if (workers > 1 && has("har")) {
    issues.push("--har records what one process does: leave out --workers or --har.");
  }
  const deadline = numberOf("--deadline", text("deadline"), "seconds", issues) ?? 10;
  const source = file === undefined ? { options: readOptions(read) } : { file };
  if (file !== undefined) rejectRoutes(read);
  if (issues.length > 0) throw new UsageError(issues);
  return { source, listen, observe, workers, deadline, color: has("no-color") ? false : null, help: false };
}

const nothing: Omit<GatewayArguments, "help"> = {
  source: { options: {} },
  listen: {},
  observe: {},
  workers: 1,
  deadline: 10,
  color: null,
};

function readListen({ text, has, issues }: ReadFlags): ListenOptions {
  const [key, certificate] = [text("tls-key"), text("tls-certificate")];
  if ((key === undefined) !== (certificate === undefined)) {
    issues.push("--tls-key and --tls-certificate belong together: give both, or --tls alone.");
  }
  const port = text("port");
  return defined({
    // What is no number is not made one: the gateway says what it has to be.
    port:
      port === undefined || port.trim() === ""
        ? undefined
        : Number.isNaN(Number(port))
          ? (port as never)
          : Number(port),
    address: text("address"),
    tls: key !== undefined && certificate !== undefined ? { key, certificate } : has("tls") ? true : undefined,
  });
}

function readOptions(read: ReadFlags): GatewayOptions {
  const { text, texts, has, issues } = read;
  const [upstream, ...more] = read.positionals;
  const open = texts("open");
  if (upstream === undefined && open === undefined) {
    issues.push("corsac gateway needs the URL of an API, such as https://api.weather.example, or --config or --open.");
  }
  if (more.length > 0 && read.isCertain) issues.push(`corsac gateway takes one URL; what is “${more[0]}” for?`);
  if (!has("origin")) {
    issues.push("corsac gateway needs --origin, whose pages may read, such as --origin http://localhost:3000.");
  }
  if (has("header") && upstream === undefined && open !== undefined) {
    issues.push("--header is for <upstream> alone: a key is not for every origin of --open.");
  }
  if (has("cache") && has("no-cache")) issues.push("--cache and --no-cache contradict each other.");
  const origins = texts("origin") ?? [];
  const headers = headersOf(texts("header"), issues);
  return defined({
    upstream,
    policy: {
      origins: origins.includes("*") && origins.length === 1 ? ("*" as const) : origins,
      ...defined({
        credentials: has("credentials") ? true : undefined,
        methods: listOf(texts("methods")),
        requestHeaders: listOf(texts("request-headers")),
        exposedHeaders: listOf(texts("exposed-headers")),
      }),
    },
    cache: has("no-cache") ? false : cacheOf(text("cache")),
    retries: has("no-retries") ? false : undefined,
    privateAddresses: has("allow-private") ? true : undefined,
    requestHeaders: headers === undefined ? undefined : Object.fromEntries(headers),
    open: open === undefined ? undefined : { allow: open },
    hosts: texts("host"),
  });
}

function cacheOf(where: string | undefined): NonNullable<GatewayOptions["cache"]> {
  if (where === undefined || where === "memory") return true;
  return { store: /^rediss?:/.test(where) ? { redis: where } : { sqlite: where } };
}

function listOf(texts: readonly string[] | undefined): "*" | readonly string[] | undefined {
  const items = texts?.flatMap((text) => text.split(",").map((item) => item.trim())).filter((item) => item !== "");
  return items?.length === 1 && items[0] === "*" ? "*" : items;
}

/** A file says everything about routes, so that nobody has to guess what wins. */
function rejectRoutes({ positionals, has, issues }: ReadFlags): void {
  if (positionals.length > 0)
    issues.push(`--config names a file that says the upstream: leave out “${positionals[0]}”.`);
  for (const name of Object.keys(routeFlags)) {
    if (has(name)) issues.push(`--${name} has no effect beside --config: write it into the file.`);
  }
}
