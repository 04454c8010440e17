import type { PortNames } from "./port-names.ts";
import type { RawRequest } from "./read-requests.ts";
import { headerValue } from "./read-requests.ts";
import type { HeaderPair, Step, WireRequest } from "./verdict.ts";

/** Names that the recording left out, because they say nothing about what browsers allow. */
const leftOut = new Set([
  "host",
  "connection",
  "user-agent",
  "accept-encoding",
  "content-length",
  "transfer-encoding",
  "priority",
  "te",
  "upgrade-insecure-requests",
  "dnt",
  "sec-gpc",
  "sec-websocket-key",
]);

/** By header name: the values that are left out of the log, since they are the same in every request. */
export type UsualValues = Readonly<Record<string, readonly string[]>>;

/** Whether a request is a CORS-preflight request. */
export function isPreflight(request: RawRequest): boolean {
  return request.method === "OPTIONS" && headerValue(request, "access-control-request-method") !== undefined;
}

/** The absolute URL of a request that came over `scheme`. */
export function requestUrl(scheme: "http" | "https", request: RawRequest): string {
  return `${scheme}://${headerValue(request, "host") ?? ""}${request.target}`;
}

/** The headers that the recording would show: lower-case names, sorted, usual values left out. */
function loggedHeaders(request: RawRequest, step: Step | undefined, usual: UsualValues): HeaderPair[] {
  const own = new Set(step?.headers?.map(([name]) => name.toLowerCase()));
  const combined = new Map<string, string>();
  for (const [spelled, value] of request.headers) {
    const name = spelled.toLowerCase();
    const before = combined.get(name);
    combined.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return [...combined]
    .filter(([name]) => own.has(name) || !(leftOut.has(name) || name.startsWith("sec-ch-")))
    .filter(([name, value]) => !usual[name]?.includes(value))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A function which replaces the boundary of a multipart body made by the browser. */
function boundaryHider(request: RawRequest, step: Step | undefined): (text: string) => string {
  const boundary = /boundary="?-*([^";]+)/.exec(headerValue(request, "content-type") ?? "")?.[1];
  if (step?.body?.type !== "form" || boundary === undefined) return (text) => text;
  const pattern = new RegExp(`-*${boundary.replace(/[^\w]/g, "\\$&")}-*`, "g");
  return (text) => text.replace(pattern, "<boundary>");
}

/** One line of the wire log, in the words of the recording. */
export function logLine(
  scheme: "http" | "https",
  request: RawRequest,
  step: { readonly index: number; readonly step: Step | undefined },
  usual: UsualValues,
  ports: PortNames,
): WireRequest {
  const hide = boundaryHider(request, step.step);
  const line = {
    step: step.index,
    kind: isPreflight(request) ? ("preflight" as const) : ("actual" as const),
    method: request.method,
    url: ports.restore(requestUrl(scheme, request)),
    headers: loggedHeaders(request, step.step, usual).map(
      ([name, value]) => [name, ports.restore(hide(value))] as const,
    ),
  };
  if (request.body.length === 0) return line;
  return { ...line, body: ports.restore(hide(request.body.subarray(0, 300).toString("latin1"))) };
}
