import { connectionFields } from "../exchange/connection-fields.ts";
import type { MockTarget, PathPattern, UpstreamTarget } from "./gateway-configuration.ts";
import type { MockOptions } from "./gateway-options.ts";
import type { Names, OptionsReader } from "./options-reader.ts";

const mockNames: Names<MockOptions> = { status: true, headers: true, body: true, delay: true };

/** Statuses that have no content. */
const withoutContent: ReadonlySet<number> = new Set([204, 205, 304]);

/** The gateway frames its responses itself. */
const framing: ReadonlySet<string> = new Set([...connectionFields, "content-length", "trailer"]);

/** Where the requests of a route go, before it is known which part of the path the upstream's path replaces. */
export type WrittenTarget = { readonly kind: "upstream"; readonly url: URL } | MockTarget;

/** Reads `upstream` or `mock`, of which there may be one; undefined when there is neither. */
export function readTarget(reader: OptionsReader): WrittenTarget | undefined {
  const hasMock = reader.has("mock");
  const hasUpstream = reader.has("upstream");
  if (hasMock && hasUpstream) {
    reader.report("upstream-and-mock", [], undefined, "has to have an upstream or a mock, not both");
  }
  const upstream = hasUpstream ? readUpstream(reader) : undefined;
  const mock = hasMock ? readMock(reader) : undefined;
  return upstream ?? mock;
}

/**
 * Says which part of the request's path is replaced: what stands before `*`. An exact path is replaced as a whole, and
 * kept if the upstream's URL has no path.
 */
export function upstreamTarget(url: URL, { base, below }: PathPattern): UpstreamTarget {
  return { kind: "upstream", url, prefix: below || url.pathname !== "/" ? base : "" };
}

function readUpstream(reader: OptionsReader): WrittenTarget | undefined {
  const text = reader.text("upstream", "a URL");
  if (text === undefined) return undefined;
  const report = (message: string, suggestion: string | null = null) => {
    reader.report("upstream-invalid", ["upstream"], redacted(text), message, suggestion);
    return undefined;
  };
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:\/\//i.test(text)) {
    const meant = /^wss?:/i.test(text) ? text.replace(/^ws/i, "http") : withScheme(text);
    return report("has to be an http: or https: URL", meant);
  }
  if (url.username !== "" || url.password !== "") {
    return report("must not contain a user name or password; put them into requestHeaders as Authorization");
  }
  if (url.search !== "" || url.hash !== "") {
    return report("must not have a query or fragment", `${url.origin}${url.pathname}`);
  }
  return { kind: "upstream", url };
}

/** `localhost:3000` is a URL of the scheme `localhost`, and no one means that. */
function withScheme(text: string): string | null {
  const host = /^[\w.-]+(?::\d+)?(?:\/.*)?$/.exec(text)?.[0];
  if (host === undefined) return null;
  const isLocal = /^(?:localhost|127\.|[\w-]+:\d)/.test(host);
  const url = `${isLocal ? "http" : "https"}://${host}`;
  return URL.canParse(url) ? url : null;
}

function redacted(text: string): string {
  return text.replace(/\/\/[^/@]*@/, "//…@");
}

function readMock(reader: OptionsReader): MockTarget | undefined {
  const mock = reader.object("mock", mockNames);
  if (mock === null) return undefined;
  const status = mock.number("status", { least: 200, most: 599, noun: "an HTTP status", whole: true }) ?? 200;
  const headers = mock.headers("headers", framing) ?? {};
  const delay = mock.number("delay", { least: 0, most: 3600, noun: "a number of seconds", whole: false }) ?? 0;
  if (!mock.has("body")) return { kind: "mock", status, headers, body: new Uint8Array(), delay };
  if (withoutContent.has(status)) {
    mock.report("content-without-place", ["body"], undefined, `has no place in a response with status ${status}`);
  }
  const value = mock.value("body");
  const text = typeof value === "string" ? value : serialized(mock, value);
  const type = typeof value === "string" ? "text/plain; charset=utf-8" : "application/json";
  return { kind: "mock", status, headers: { "content-type": type, ...headers }, body: Buffer.from(text), delay };
}

function serialized(mock: OptionsReader, value: unknown): string {
  try {
    const text: string | undefined = JSON.stringify(value);
    if (text !== undefined) return text;
  } catch {
    // What refers to itself, and BigInts.
  }
  mock.report("option-wrong-type", ["body"], undefined, "has to be a text, or something that can be written as JSON");
  return "";
}
