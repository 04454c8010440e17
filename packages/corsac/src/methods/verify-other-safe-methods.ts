import { randomUUID } from "node:crypto";
import { getHeader } from "@corsac/protocol";
import type { ApiResource } from "./api-description.ts";
import { allowedMethods, isRefusal, isSuccess, pathOf, type Session } from "./session.ts";
import { reportRefused } from "./verify-options.ts";
import { type Readable, type SafeAnswers, sendWatched, Watch } from "./verify-safety.ts";
import type { Answer } from "./wire.ts";

/** Sends TRACE, which nobody should answer, without the caller's headers: an echo would spread their secrets. */
export async function verifyTrace(
  session: Session,
  { resource, url }: Readable,
  { gets, options }: SafeAnswers,
): Promise<void> {
  const mark = randomUUID();
  const trace = await session.send({ method: "TRACE", url, headers: [["X-Corsac-Mark", mark]], bare: true });
  if (isSuccess(trace)) {
    const isEcho = trace.text.includes(mark) || /message\/http/i.test(getHeader(trace.headers, "Content-Type") ?? "");
    const isGet = !isEcho && trace.text === gets[1].text;
    session.report({
      code: "trace-enabled",
      resource,
      method: "TRACE",
      severity: isEcho ? "error" : "warning",
      cause: isEcho
        ? "TRACE returns the request as the server received it: cookies, tokens and headers that proxies added, to whoever can make it be sent."
        : `TRACE is answered with ${trace.status}${isGet ? " and the content of GET" : ""}: the resource does not look at the method, so other methods may slip through as well.`,
      exchanges: [trace],
    });
    return;
  }
  const [asked, refused] = [allowedMethods(options), trace.status === 405 ? allowedMethods(trace) : null];
  if (refused !== null && asked !== null && isSuccess(options) && !isSame(asked, refused)) {
    session.report({
      code: "allow-inconsistent",
      resource,
      method: "OPTIONS",
      cause: "OPTIONS and the refusal of TRACE list different methods of the same resource. One of the lists is wrong.",
      observed: [`Allow of OPTIONS: ${asked.join(", ")}`, `Allow of 405: ${refused.join(", ")}`],
      exchanges: [options, trace],
    });
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return [...new Set(one)].sort().join() === [...new Set(other)].sort().join();
}

/** Sends QUERY: without a Content-Type it has to fail, with the described content it must change nothing. */
export async function verifyQuery(
  session: Session,
  { resource, url }: Readable,
  nearby: readonly Readable[],
  { options, gets }: SafeAnswers,
): Promise<void> {
  const operation = resource.operations.get("QUERY");
  const bare = await session.send({ method: "QUERY", url });
  const isListed = allowedMethods(options)?.includes("QUERY") === true;
  if (isListed && isSuccess(options) && isRefusal(bare)) reportRefused(session, resource, options, bare);
  if (isSuccess(bare)) {
    const isGet = bare.text === gets[1].text && operation === undefined && !isListed;
    session.report({
      code: "query-without-content-type",
      resource,
      method: "QUERY",
      cause: isGet
        ? "QUERY without content gets the answer to GET: the resource does not look at the method. A client takes the answer for the result of its query."
        : "QUERY has to name the type of its content, or the server guesses what it is asked.",
      exchanges: [bare],
    });
  }
  if (operation?.content == null) return;
  const watch = new Watch(
    session,
    [...nearby, { resource, url }].filter((each) => each.resource.operations.has("GET")),
  );
  await watch.learn();
  const body = JSON.stringify(operation.content.sample());
  await sendWatched(
    session,
    resource,
    { method: "QUERY", url, headers: [["Content-Type", operation.content.type]], body },
    watch,
  );
}

const overrideHeaders = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"];

/** Asks for OPTIONS in the ways of method overrides, with GET: both are safe, so it does not matter who wins. */
export async function verifyOverride(
  session: Session,
  { resource, url }: Readable,
  { gets, options }: SafeAnswers,
): Promise<void> {
  const [, get] = gets;
  if (!isSuccess(get) || options.failure !== null) return;
  const byHeader = await session.get(url, overrideTo("OPTIONS"));
  if (isLikeOther(byHeader, get, options)) {
    reportOverride(session, resource, [get, options, byHeader], "the header X-HTTP-Method-Override", "OPTIONS");
    return;
  }
  const byQuery = await session.get(withMethod(url, "OPTIONS"));
  if (isLikeOther(byQuery, get, options)) {
    reportOverride(session, resource, [get, options, byQuery], "the parameter _method", "OPTIONS");
  }
}

/** The URL with `_method`, as frameworks read it. */
export function withMethod(url: string, method: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}_method=${method}`;
}

/** The headers of method overrides. */
export function overrideTo(method: string): [string, string][] {
  return overrideHeaders.map((name) => [name, method]);
}

/** Reports that something else than the method decides. */
export function reportOverride(
  session: Session,
  resource: ApiResource,
  exchanges: readonly Answer[],
  what: string,
  wanted: string,
): void {
  const last = exchanges.at(-1);
  session.report({
    code: "method-override-honoured",
    resource,
    method: last?.method ?? "GET",
    cause: `A ${last?.method ?? "GET"} with ${what} is answered as ${wanted}. Caches, proxies, access rules and CORS preflights look at the method of the request and let it pass as what it is not.`,
    observed: [
      `${last?.method ?? "GET"} ${pathOf(last?.url ?? "http://x/")} → ${last?.status}, as ${wanted} is answered`,
    ],
    exchanges,
  });
}

function isLikeOther(overridden: Answer, get: Answer, other: Answer): boolean {
  const traits = ({ status, text, headers }: Answer) => `${status} ${getHeader(headers, "Allow") ?? ""} ${text.length}`;
  return traits(overridden) === traits(other) && traits(overridden) !== traits(get);
}
