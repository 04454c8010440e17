import { request as httpRequest } from "node:http";
import { connect } from "node:http2";
import type { RunningServer } from "./application.ts";

/** What a client got. */
export interface Answer {
  readonly status: number;
  /** All headers that have to do with CORS and caches, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly allow: string | undefined;
  readonly cacheControl: string | undefined;
  readonly body: string;
}

/** A request, as raw as it goes on the wire. */
export interface Question {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const relevant = /^(?:access-control-.*|vary|timing-allow-origin|cross-origin-resource-policy)$/;

/** Sends a request over a connection of its own. */
export function ask(server: Pick<RunningServer, "url">, question: Question, { http2 = false } = {}): Promise<Answer> {
  return http2 ? askHttp2(server, question) : askHttp1(server, question);
}

function askHttp1(
  { url }: Pick<RunningServer, "url">,
  { method = "GET", path, headers = {}, body }: Question,
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method, path, headers, agent: false }, (response) => {
      const lines: [string, string][] = [];
      for (let index = 0; index < response.rawHeaders.length; index += 2) {
        lines.push([response.rawHeaders[index] as string, response.rawHeaders[index + 1] as string]);
      }
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () => resolve(answerOf(response.statusCode ?? 0, lines, text)));
    });
    request.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve(answerOf(101, Object.entries(response.headers) as [string, string][], ""));
    });
    request.on("error", reject);
    request.end(body);
  });
}

function askHttp2(
  { url }: Pick<RunningServer, "url">,
  { method = "GET", path, headers = {}, body }: Question,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const session = connect(url);
    session.on("error", reject);
    const stream = session.request({ ":method": method, ":path": path, ...headers }, { endStream: body === undefined });
    let status = 0;
    let lines: [string, string][] = [];
    let text = "";
    stream.setEncoding("utf8");
    stream.on("response", (responseHeaders) => {
      status = responseHeaders[":status"] ?? 0;
      lines = Object.entries(responseHeaders).flatMap(([name, value]) =>
        [value].flat().map((line): [string, string] => [name, String(line)]),
      );
    });
    stream.on("data", (chunk: string) => {
      text += chunk;
    });
    stream.on("error", reject);
    stream.on("end", () => {
      session.close();
      resolve(answerOf(status, lines, text));
    });
    if (body !== undefined) stream.end(body);
  });
}

/** Lines of one name are kept apart by a bar, so that a header that was sent twice does not look like a list. */
function answerOf(status: number, lines: readonly (readonly [string, string])[], body: string): Answer {
  const headers: Record<string, string> = {};
  let allow: string | undefined;
  let cacheControl: string | undefined;
  for (const [name, value] of lines) {
    const lowerName = name.toLowerCase();
    if (lowerName === "allow") allow = value;
    if (lowerName === "cache-control") cacheControl = value;
    if (!relevant.test(lowerName)) continue;
    headers[lowerName] = lowerName in headers ? `${headers[lowerName]} | ${value}` : value;
  }
  return { status, headers, allow, cacheControl, body };
}
