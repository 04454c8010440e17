import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { GatewayIssue } from "./configuration-issue.ts";
import type { ListenOptions, ObservationOptions } from "./gateway-options.ts";
import { isOptionsObject } from "./options-reader.ts";
import type { ParseContext } from "./parse-context.ts";
import { type GatewayOptionsParsing, parseGatewayOptions } from "./parse-gateway-options.ts";

/** What a configuration file is read with. */
export interface LoadOptions {
  /** For `${NAME}` in the values of `requestHeaders`, such as `process.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What stands in the place of what the file says, such as what a command line says. */
  readonly listen?: ListenOptions;
  /** As `listen`. */
  readonly observe?: ObservationOptions;
}

/** What a configuration file says, and the files that say it: itself and those of its policies. */
export type LoadedConfiguration = GatewayOptionsParsing & { readonly files: readonly string[] };

/**
 * Reads a configuration file: JSON as `gateway.schema.json` describes it. Names of files in it are relative to it. Throws
 * nothing; a file that cannot be read is an issue as well.
 */
export function loadConfiguration(file: string, { environment, listen, observe }: LoadOptions): LoadedConfiguration {
  const files = [resolve(file)];
  const directory = dirname(resolve(file));
  const context: ParseContext = {
    environment,
    readPolicyFile: (name) => {
      const path = resolve(directory, name);
      files.push(path);
      return readJson(path);
    },
    resolveFile: (name) => resolve(directory, name),
  };
  let options: unknown;
  try {
    options = readJson(file);
  } catch (error) {
    return { ok: false, issues: [unreadable(error)], files };
  }
  return { ...parseGatewayOptions(withOverrides(options, { listen, observe }), context), files };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
}

function unreadable(error: unknown): GatewayIssue {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof SyntaxError) {
    return { code: "json-invalid", path: [], value: undefined, message: `is no JSON: ${message}`, suggestion: null };
  }
  return {
    code: "file-unreadable",
    path: [],
    value: undefined,
    message: `cannot be read: ${message}`,
    suggestion: null,
  };
}

/** Puts members in place one by one, so that a port from outside leaves the address of the file. */
function withOverrides(options: unknown, overrides: Readonly<Record<string, object | undefined>>): unknown {
  if (!isOptionsObject(options)) return options;
  const result: Record<string, unknown> = { ...options };
  for (const [name, members] of Object.entries(overrides)) {
    const written = result[name] ?? {};
    if (members !== undefined && isOptionsObject(written)) result[name] = { ...written, ...members };
  }
  return result;
}
