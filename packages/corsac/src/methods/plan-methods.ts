import {
  type Header,
  type HeaderList,
  isHeaderName,
  isHeaderValue,
  isLoopbackHost,
  normalizeHeaderValue,
  parseOrigin,
} from "@corsac/protocol";
import { type Progress, type VerifyMethodsOptions, VerifyMethodsOptionsError } from "./methods-options.ts";

/** {@link VerifyMethodsOptions}, completely checked: nothing is optional any more. */
export interface MethodsPlan {
  /** A URL of http or https, or the path of a file. */
  readonly target: URL | string;
  readonly server: URL | null;
  readonly headers: HeaderList;
  readonly allowUnsafe: boolean;
  readonly confirmHost: string | null;
  /** Milliseconds. */
  readonly timeout: number;
  readonly budget: number;
  /** Milliseconds. */
  readonly timeLimit: number;
  readonly signal: AbortSignal | null;
  readonly onProgress: ((progress: Progress) => void) | null;
}

/**
 * Checks options and completes them.
 *
 * @throws {VerifyMethodsOptionsError} with every issue at once
 */
export function planMethods(options: VerifyMethodsOptions): MethodsPlan {
  const issues: string[] = [];
  const target = parseTarget(options.target, issues);
  const server = options.server === undefined ? null : parseUrl(options.server, "the server", issues);
  const headers = [...parseHeaders(options.headers ?? [], issues), ...originHeader(options.origin, issues)];
  const { timeout = 10, budget = 1000, timeLimit = 300, confirmHost = null, allowUnsafe = false } = options;
  // Timers go up to 24 days, and beyond that they fire at once.
  if (!(timeout > 0 && timeout <= 86_400)) {
    issues.push(`The timeout is a number of seconds above 0 and up to 86400 (a day), such as 10; “${timeout}” is not.`);
  }
  if (!(timeLimit > 0 && timeLimit <= 86_400)) {
    issues.push(
      `The time limit is a number of seconds above 0 and up to 86400 (a day), such as 60; “${timeLimit}” is not.`,
    );
  }
  if (!(Number.isInteger(budget) && budget > 0)) issues.push("The budget is a whole number of requests, such as 500.");
  if (confirmHost !== null && !allowUnsafe) {
    issues.push("A confirmed host says nothing by itself: allow unsafe methods too (--allow-unsafe), or leave it out.");
  }
  if (target === null || issues.length > 0) throw new VerifyMethodsOptionsError(issues);
  return {
    ...{ target, server, headers, allowUnsafe, confirmHost, budget },
    timeout: timeout * 1000,
    timeLimit: timeLimit * 1000,
    signal: options.signal ?? null,
    onProgress: options.onProgress ?? null,
  };
}

/**
 * Lets unsafe methods reach this machine, and other hosts only when they were named a second time.
 *
 * @throws {VerifyMethodsOptionsError} when the host was not named
 */
export function checkUnsafeHost({ allowUnsafe, confirmHost }: MethodsPlan, server: URL): void {
  const isConfirmed = confirmHost !== null && [server.host, server.hostname].includes(confirmHost.toLowerCase());
  if (confirmHost !== null && !isConfirmed) {
    throw new VerifyMethodsOptionsError([
      `You confirmed the host ${confirmHost}, but the API is at ${server.host}: nothing was sent to it.`,
    ]);
  }
  if (!allowUnsafe || isConfirmed || isLoopbackHost(server.hostname)) return;
  throw new VerifyMethodsOptionsError([
    `Unsafe methods create, change and delete data on ${server.host}: if that is what you want, confirm it with --confirm-host ${server.host}.`,
  ]);
}

function parseTarget(given: string | URL, issues: string[]): URL | string | null {
  const text = String(given);
  if (text === "") {
    issues.push("Say what to verify: an OpenAPI document (file or URL), or the URL of a resource.");
    return null;
  }
  if (/^(?:localhost|[\d.]+|\[[\da-f:]+\]):\d+(?:\/|$)/i.test(text)) {
    issues.push(`“${text}” has no scheme: did you mean http://${text}?`);
    return null;
  }
  return text.includes("://") ? parseUrl(text, "the target", issues) : text;
}

function parseUrl(given: string | URL, what: string, issues: string[]): URL | null {
  const text = String(given);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    issues.push(`“${text}” is not a URL of http or https: write ${what} such as https://api.example/openapi.json.`);
    return null;
  }
  if (url.username !== "" || url.password !== "") {
    issues.push("A URL with a user name or password ends up in logs: leave them out and set the header Authorization.");
    return null;
  }
  url.hash = "";
  return url;
}

function parseHeaders(given: NonNullable<VerifyMethodsOptions["headers"]>, issues: string[]): Header[] {
  const entries = Symbol.iterator in given ? [...given] : Object.entries(given);
  return entries.flatMap(([name, raw]): Header[] => {
    const value = normalizeHeaderValue(raw);
    if (!isHeaderName(name)) issues.push(`“${name}” is not a header name: write the header as “Name: value”.`);
    else if (!isHeaderValue(value) || /[^\0-\xff]/.test(value)) {
      issues.push(
        `The value of ${name} has a character that no header may have: a line break, a null byte or one beyond U+00FF.`,
      );
    } else if (/^(?:host|content-length|transfer-encoding|connection)$/i.test(name)) {
      issues.push(`${name} follows from the request: leave it out.`);
    } else if (/^(?:if-(?:none-)?match|if-(?:un)?modified-since|idempotency-key)$/i.test(name)) {
      issues.push(`${name} is among what is verified: leave it out.`);
    } else if (/^x-(?:http-)?method(?:-override)?$/i.test(name)) {
      issues.push(`${name} is among what is verified: leave it out.`);
    } else return [[name, value]];
    return [];
  });
}

function originHeader(origin: string | undefined, issues: string[]): Header[] {
  if (origin === undefined) return [];
  if (origin !== "null" && parseOrigin(origin) === null) {
    issues.push(`“${origin}” is not an origin as browsers send it: write one such as https://app.example.`);
  }
  return [["Origin", origin]];
}
