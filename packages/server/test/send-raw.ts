import { request as httpRequest } from "node:http";
import { connect } from "node:http2";
import type { RunningServer } from "./application.ts";

/** A request, as raw as it goes on the wire. */
export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** An answer with all its headers. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a request over a connection of its own and reads all of the answer. */
export function sendRaw(server: RunningServer, request: RawRequest, { http2 = false } = {}): Promise<RawAnswer> {
  return http2 ? sendHttp2(server, request) : sendHttp1(server, request);
}

function sendHttp1(
  { url }: RunningServer,
  { method = "GET", path, headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve(answerOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString())),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

function sendHttp2(
  { url }: RunningServer,
  { method = "GET", path, headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const session = connect(url);
    session.on("error", reject);
    const stream = session.request({ ":method": method, ":path": path, ...headers }, { endStream: body === undefined });
    let answer: RawAnswer | null = null;
    const chunks: Buffer[] = [];
    stream.on("response", (given) => {
      const { ":status": status = 0, ...rest } = given;
      answer = answerOf(status, rest, "");
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("end", () => {
      session.close();
      if (answer === null) reject(new Error("there is no response"));
      else resolve({ ...answer, body: Buffer.concat(chunks).toString() });
    });
    if (body !== undefined) stream.end(body);
  });
}

function answerOf(status: number, given: Readonly<Record<string, unknown>>, body: string): RawAnswer {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) if (value !== undefined) headers[name] = String(value);
  return { status, headers, body };
}
