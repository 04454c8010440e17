import type { VerifyMethodsOptions } from "../methods/methods-options.ts";
import { defined, headersOf, numberOf, readFlags } from "./read-flags.ts";
import { UsageError } from "./usage-error.ts";

/** What the command line of `corsac methods` says. */
export interface MethodsArguments {
  readonly options: VerifyMethodsOptions;
  readonly json: boolean;
  /** `null` when nothing is said about colour. */
  readonly color: false | null;
  readonly help: boolean;
}

const flags = {
  server: { type: "string" },
  header: { type: "string", short: "H", multiple: true },
  origin: { type: "string" },
  "allow-unsafe": { type: "boolean" },
  "confirm-host": { type: "string" },
  timeout: { type: "string" },
  budget: { type: "string" },
  "time-limit": { type: "string" },
  json: { type: "boolean" },
  "no-color": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const examples: Partial<Record<keyof typeof flags, string>> = {
  server: "http://localhost:3000",
  header: "'Authorization: Bearer …'",
  origin: "https://app.example",
  "confirm-host": "staging.example",
  timeout: "10",
  budget: "500",
  "time-limit": "60",
};

/**
 * Reads the arguments that follow `corsac methods`.
 *
 * @throws {UsageError} with every issue at once
 */
export function parseMethodsArguments(args: readonly string[]): MethodsArguments {
  const read = readFlags("corsac methods", flags, examples, args);
  const { text, texts, has, issues } = read;
  if (has("help")) return { options: { target: "" }, json: false, color: null, help: true };
  const [target, ...more] = read.positionals;
  if (target === undefined) {
    issues.push("corsac methods needs an OpenAPI document (file or URL), or the URL of a resource.");
  }
  if (more.length > 0 && read.isCertain)
    issues.push(`corsac methods takes one document or URL; what is “${more[0]}” for?`);
  const options = {
    target: target ?? "",
    ...defined({
      server: text("server"),
      headers: headersOf(texts("header"), issues),
      origin: text("origin"),
      allowUnsafe: has("allow-unsafe") ? true : undefined,
      confirmHost: text("confirm-host"),
      timeout: numberOf("--timeout", text("timeout"), "seconds", issues),
      budget: numberOf("--budget", text("budget"), "requests", issues),
      timeLimit: numberOf("--time-limit", text("time-limit"), "seconds", issues),
    }),
  };
  if (issues.length > 0) throw new UsageError(issues);
  return { options, json: has("json"), color: has("no-color") ? false : null, help: false };
}
