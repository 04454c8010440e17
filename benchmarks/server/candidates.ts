import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { type Case, policies, requestHeadersOf } from "./cases.ts";
import { createFetch, createListener, type Library } from "./middleware.ts";

/** The frameworks. Hono twice: with nothing but `fetch`, and behind `@hono/node-server`. */
export const frameworks = ["express", "fastify", "koa", "hono", "hono-node"] as const;
export type Framework = (typeof frameworks)[number];

/** A library at work in a framework, before requests of a case. */
export interface Candidate {
  /** Serves a number of requests. */
  readonly serve: (count: number) => void | Promise<void>;
  /** Serves one and returns the status and headers that were sent, so that nothing else than meant is measured. */
  readonly look: () => Promise<{ readonly status: number; readonly headers: Headers }>;
}

/** Makes a candidate. */
export async function createCandidate(framework: Framework, library: Library, asked: Case): Promise<Candidate> {
  const origins = policies[asked.policy];
  const headersOf = requestHeadersOf(asked);
  if (framework === "hono") return fetchCandidate(createFetch(library, origins), asked.method, headersOf);
  const listen = await createListener(framework, library, origins);
  const exchange = () => {
    const request = createRequest(asked.method, headersOf());
    const response = new ServerResponse(request);
    return { response, served: listen(request, response) };
  };
  return {
    serve:
      framework === "koa" || framework === "hono-node"
        ? async (count) => {
            for (let index = 0; index < count; index += 1) await exchange().served;
          }
        : (count) => {
            for (let index = 0; index < count; index += 1) exchange();
          },
    look: async () => {
      const { response, served } = exchange();
      await served;
      return readHead(response);
    },
  };
}

function fetchCandidate(
  fetch: (request: Request) => Response | Promise<Response>,
  method: string,
  headersOf: () => Record<string, string>,
): Candidate {
  const ask = () => fetch(new Request("http://api.example/books", { method, headers: headersOf() }));
  return {
    serve: async (count) => {
      let sent = 0;
      for (let index = 0; index < count; index += 1) {
        // What sends a response walks through its headers.
        for (const [name, value] of (await ask()).headers) sent += name.length + value.length;
      }
      if (sent < 0) throw new Error("There are no negative lengths.");
    },
    look: async () => await ask(),
  };
}

const unconnected = new Socket();

/** A request as Node's parser makes it, but without a connection. */
function createRequest(method: string, headers: Record<string, string>): IncomingMessage {
  const request = new IncomingMessage(unconnected);
  request.method = method;
  request.url = "/books";
  request.httpVersionMajor = 1;
  request.httpVersionMinor = 1;
  request.headers = headers;
  for (const name in headers) request.rawHeaders.push(name, headers[name] as string);
  return request;
}

/** Reads the head that Node made of a response, which waits for a connection. */
function readHead(response: ServerResponse): { status: number; headers: Headers } {
  const { _header: head } = response as ServerResponse & { readonly _header: string | null };
  if (head === null) throw new Error("Nothing was sent.");
  const [, ...lines] = head.trimEnd().split("\r\n");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(": ");
    return [line.slice(0, colon), line.slice(colon + 2)];
  });
  return { status: response.statusCode, headers: new Headers(headers) };
}
