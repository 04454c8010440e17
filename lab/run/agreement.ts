import type { Agreement, CorsacAttempt, WireExchange } from "../situation/run-report.ts";
import type { Seen } from "../situation/seen.ts";

/** What two sides of a run came to. */
export interface BothSides {
  readonly seen: readonly Seen[];
  readonly browserWire: readonly WireExchange[];
  readonly attempts: readonly CorsacAttempt[];
  readonly corsacWire: readonly WireExchange[];
}

/**
 * Holds what the visitor's browser did against what corsac's did: what the page could see, and what arrived at the
 * servers. The words of a `TypeError` and the times in answers are not part of it.
 */
export function agreementOf({ seen, browserWire, attempts, corsacWire }: BothSides): Agreement {
  const differences = [
    ...attempts.flatMap((attempt, index) =>
      seenDifferences(seen[index], attempt.seen, attempts.length > 1 ? index : null),
    ),
    ...wireDifferences(browserWire, corsacWire),
  ];
  return differences.length === 0 ? { kind: "agree", setting: null } : { kind: "differ", differences };
}

function seenDifferences(browser: Seen | undefined, corsac: Seen, index: number | null): string[] {
  const time = index === null ? "" : `Time ${index + 1}: `;
  const [one, other] = [browser === undefined ? "nothing" : describe(browser), describe(corsac)];
  return one === other ? [] : [`${time}your browser's page sees ${one}; corsac's sees ${other}.`];
}

function describe(seen: Seen): string {
  switch (seen.kind) {
    case "response": {
      const names = [...new Set(seen.headers.map(([name]) => name.toLowerCase()))].sort();
      const redirected = seen.redirected ? ", redirected" : "";
      const body = seen.body === "" ? "no body" : "a body";
      return `a response of type ${seen.type}, status ${seen.status}${redirected}, headers [${names.join(", ")}], ${body}`;
    }
    case "type-error":
      return "a TypeError";
    case "element":
      return `a ${seen.event} event`;
    case "submitted":
      return "a form that is sent";
  }
}

function wireDifferences(browser: readonly WireExchange[], corsac: readonly WireExchange[]): string[] {
  const length = Math.max(browser.length, corsac.length);
  return Array.from({ length }, (_, index) => {
    const one = arrived(browser[index]);
    const other = arrived(corsac[index]);
    return one === other
      ? []
      : [`Request ${index + 1} at the servers: your browser sent ${one}; corsac sent ${other}.`];
  }).flat();
}

/** Headers that decide what servers and browsers make of a request across origins. */
const deciding = ["origin", "access-control-request-method", "access-control-request-headers", "sec-fetch-site"];

function arrived(exchange: WireExchange | undefined): string {
  if (exchange === undefined) return "nothing";
  const { server, request } = exchange;
  const headerOf = (name: string) => request.headers.find((line) => line[0].toLowerCase() === name)?.[1];
  const headers = deciding.flatMap((name) => {
    const value = headerOf(name);
    return value === undefined ? [] : [`${name}: ${value}`];
  });
  const cookie = headerOf("cookie") === undefined ? "without a cookie" : "with a cookie";
  return `${request.method} ${request.path} to ${server} ${cookie} (${headers.join("; ")})`;
}
