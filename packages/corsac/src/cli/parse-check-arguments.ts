import { readFileSync } from "node:fs";
import { nearestName } from "@corsac/protocol";
import type { CheckOptions } from "../check/check-options.ts";
import { defined, headersOf, numberOf, readFlags } from "./read-flags.ts";
import { UsageError } from "./usage-error.ts";

/** What the command line of `corsac check` says. */
export interface CheckArguments {
  readonly options: CheckOptions;
  readonly json: boolean;
  /** `null` when nothing is said about colour. */
  readonly color: false | null;
  readonly help: boolean;
}

const flags = {
  origin: { type: "string" },
  method: { type: "string", short: "X" },
  header: { type: "string", short: "H", multiple: true },
  credentials: { type: "string" },
  cookie: { type: "string", short: "b" },
  data: { type: "string", short: "d" },
  mode: { type: "string" },
  redirect: { type: "string" },
  browser: { type: "string" },
  send: { type: "boolean" },
  "no-probe": { type: "boolean" },
  "read-header": { type: "string", multiple: true },
  timeout: { type: "string" },
  proxy: { type: "string" },
  resolve: { type: "string", multiple: true },
  "ca-cert": { type: "string" },
  insecure: { type: "boolean", short: "k" },
  json: { type: "boolean" },
  "no-color": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/**
 * Reads the arguments that follow `corsac check`.
 *
 * @throws {UsageError} with every issue at once
 */
export function parseCheckArguments(args: readonly string[]): CheckArguments {
  const read = readFlags("corsac check", flags, examples, withCredentialsValue(args));
  const { text, texts, has, issues } = read;
  if (has("help")) return { options: { url: "", origin: "" }, json: false, color: null, help: true };
  const [url, ...more] = read.positionals;
  if (url === undefined) issues.push("corsac check needs the URL that the page fetches.");
  if (more.length > 0 && read.isCertain) issues.push(`corsac check takes one URL; what is “${more[0]}” for?`);
  if (!has("origin")) {
    issues.push("corsac check needs --origin, where the page comes from, such as --origin https://app.example.");
  }
  const options = {
    url: url ?? "",
    origin: text("origin") ?? "",
    ...defined({
      method: text("method"),
      headers: headersOf(texts("header"), issues),
      credentials: text("credentials") as CheckOptions["credentials"],
      cookie: text("cookie"),
      body: text("data"),
      mode: text("mode") as CheckOptions["mode"],
      redirect: text("redirect") as CheckOptions["redirect"],
      browser: text("browser") as CheckOptions["browser"],
      send: has("send") ? true : undefined,
      probe: has("no-probe") ? false : undefined,
      readHeaders: texts("read-header"),
      timeout: numberOf("--timeout", text("timeout"), "seconds", issues),
      proxy: text("proxy"),
      resolve: resolveOf(texts("resolve"), issues),
      ca: fileOf(text("ca-cert"), issues),
      insecure: has("insecure") ? true : undefined,
    }),
  };
  if (issues.length > 0) throw new UsageError(issues);
  return { options, json: has("json"), color: has("no-color") ? false : null, help: false };
}

// `--credentials` alone means include; parseArgs knows no optional values.
function withCredentialsValue(args: readonly string[]): string[] {
  const values = ["omit", "same-origin", "include"];
  return args.flatMap((arg, index) => {
    if (arg !== "--credentials") return [arg];
    const next = args[index + 1];
    const isValue = next !== undefined && (values.includes(next) || isMisspeltValue(next, values));
    return isValue ? [arg] : ["--credentials=include"];
  });
}

function isMisspeltValue(word: string, values: readonly string[]): boolean {
  return !word.startsWith("-") && !word.includes("/") && !word.includes(".") && nearestName(word, values) !== null;
}

const examples: Partial<Record<keyof typeof flags, string>> = {
  origin: "https://app.example",
  method: "PUT",
  header: "'Content-Type: application/json'",
  cookie: "sid=1",
  data: "'{}'",
  mode: "no-cors",
  redirect: "manual",
  browser: "firefox",
  "read-header": "ETag",
  timeout: "10",
  proxy: "http://localhost:8080",
  resolve: "api.example:443:127.0.0.1",
  "ca-cert": "ca.pem",
};

function resolveOf(given: readonly string[] | undefined, issues: string[]): Record<string, string> | undefined {
  if (given === undefined) return undefined;
  const entries = given.flatMap((entry): [string, string][] => {
    const match = /^(\[[^\]]+\]|[^:]+):(\d{1,5}):(\[[0-9a-f:.]+\]|[0-9a-f:.]+)$/i.exec(entry);
    const [, host, port, address] = match ?? [];
    if (host !== undefined && port !== undefined && address !== undefined) {
      return [[`${host.toLowerCase()}:${port}`, address.replace(/^\[|\]$/g, "")]];
    }
    issues.push(`--resolve takes host:port:address, such as api.example:443:127.0.0.1; “${entry}” is not one.`);
    return [];
  });
  return Object.fromEntries(entries);
}

function fileOf(path: string | undefined, issues: string[]): Buffer | undefined {
  if (path === undefined) return undefined;
  try {
    const pem = readFileSync(path);
    if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
    issues.push(`${path} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === "ENOENT"
        ? "there is no such file"
        : code === "EISDIR"
          ? "it is a directory"
          : code === "EACCES"
            ? "permission denied"
            : code;
    issues.push(`The file of --ca-cert, ${path}, cannot be read: ${why}.`);
  }
  return undefined;
}
