import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { CheckOptions } from "../check/check-options.ts";
import { nearest } from "../check/nearest.ts";
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

type Flag = keyof typeof flags;

/**
 * Reads the arguments that follow `corsac check`.
 *
 * @throws {UsageError} with every issue at once
 */
export function parseCheckArguments(args: readonly string[]): CheckArguments {
  const issues: string[] = [];
  const { values, positionals, tokens } = parse(withCredentialsValue(args));
  for (const token of tokens) {
    if (token.kind === "option") checkOption(token, issues);
  }
  if (values.help === true) return { options: { url: "", origin: "" }, json: false, color: null, help: true };
  const [url, ...more] = positionals;
  if (url === undefined) issues.push("corsac check needs the URL that the page fetches.");
  // What follows an option that does not exist may be its value.
  const isCertain = tokens.every((token) => token.kind !== "option" || Object.hasOwn(flags, token.name));
  if (more.length > 0 && isCertain) issues.push(`corsac check takes one URL; what is “${more[0]}” for?`);
  if (values.origin === undefined && !isFaulty(tokens, "origin")) {
    issues.push("corsac check needs --origin, where the page comes from, such as --origin https://app.example.");
  }
  const options = {
    url: url ?? "",
    origin: text(values.origin) ?? "",
    ...defined({
      method: text(values.method),
      headers: values.header?.flatMap((line) => headerOf(line, issues)),
      credentials: text(values.credentials) as CheckOptions["credentials"],
      cookie: text(values.cookie),
      body: text(values.data),
      mode: text(values.mode) as CheckOptions["mode"],
      redirect: text(values.redirect) as CheckOptions["redirect"],
      browser: text(values.browser) as CheckOptions["browser"],
      send: values.send === true ? true : undefined,
      probe: values["no-probe"] === true ? false : undefined,
      readHeaders: texts(values["read-header"]),
      timeout: secondsOf(text(values.timeout), issues),
      proxy: text(values.proxy),
      resolve: resolveOf(texts(values.resolve), issues),
      ca: fileOf(text(values["ca-cert"]), issues),
      insecure: values.insecure === true ? true : undefined,
    }),
  };
  if (issues.length > 0) throw new UsageError(issues);
  return { options, json: values.json === true, color: values["no-color"] === true ? false : null, help: false };
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: flags, strict: false, allowPositionals: true, tokens: true });
}

type Tokens = ReturnType<typeof parse>["tokens"];
type OptionToken = Extract<Tokens[number], { kind: "option" }>;

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
  return !word.startsWith("-") && !word.includes("/") && !word.includes(".") && nearest(word, values) !== null;
}

function checkOption({ name, rawName, value }: OptionToken, issues: string[]): void {
  const spec = Object.hasOwn(flags, name) ? flags[name as Flag] : undefined;
  if (spec === undefined) {
    const meant = rawName.startsWith("--") ? nearest(name, Object.keys(flags)) : null;
    issues.push(
      `There is no option ${rawName}${meant === null ? "; corsac check --help lists them." : `: did you mean --${meant}?`}`,
    );
  } else if (spec.type === "boolean" && value !== undefined) {
    issues.push(`${rawName} takes no value; leave out “${value}”.`);
  } else if (spec.type === "string" && (value === undefined || isFlag(value))) {
    issues.push(
      `${rawName} needs a value${examples[name as Flag] === undefined ? "." : `, such as ${rawName} ${examples[name as Flag]}.`}`,
    );
  }
}

// `--origin --json`: the value was forgotten, and the next option taken for it.
function isFlag(value: string): boolean {
  return value.startsWith("--") && Object.hasOwn(flags, value.slice(2));
}

const examples: Partial<Record<Flag, string>> = {
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

function isFaulty(tokens: Tokens, name: Flag): boolean {
  return tokens.some((token) => token.kind === "option" && token.name === name);
}

function headerOf(line: string | boolean, issues: string[]): [string, string][] {
  if (typeof line !== "string") return [];
  const colon = line.indexOf(":");
  if (colon > 0) return [[line.slice(0, colon), line.slice(colon + 1).trim()]];
  issues.push(`“${line}” is not a header: write “Name: value”.`);
  return [];
}

function secondsOf(given: string | undefined, issues: string[]): number | undefined {
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (given.trim() !== "" && seconds > 0 && Number.isFinite(seconds)) return seconds;
  issues.push(`--timeout takes seconds, such as 10; “${given}” is not a number above 0.`);
  return undefined;
}

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

function text(value: string | boolean | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function texts(values: readonly (string | boolean)[] | undefined): string[] | undefined {
  return values?.filter((value) => typeof value === "string");
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
