import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { cors, crossOriginProtection } from "../src/adapters/node.ts";
import {
  type Behaviour,
  bodyLimit,
  fetchBehaviours,
  foreignHeaders,
  type Harness,
  type Mount,
  pieces,
  tags,
} from "./application.ts";
import { listen } from "./listen.ts";
import { rawReply } from "./raw-reply.ts";

export const nodeHarness: Harness = {
  name: "node",
  lacks: [...fetchBehaviours, "raw-respond"],
  statuses: { missing: 404, malformed: 404 },
  start: (mounts) => listen(createServer(createListener(mounts))),
};

export const nodeHttp2Harness: Harness = {
  ...nodeHarness,
  name: "node, HTTP/2",
  http2: true,
  lacks: fetchBehaviours,
  start: (mounts) => listen(createHttp2Server(createListener(mounts))),
};

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = ServerResponse | Http2ServerResponse;

type Listener = (request: Incoming, response: Outgoing) => void;

function createListener(mounts: readonly Mount[]): Listener {
  const wrapped = mounts.map(({ path, policies, protection }) => {
    const listener = (request: Incoming, response: Outgoing) => application(path, request, response as ServerResponse);
    const protectedListener = protection === undefined ? listener : crossOriginProtection(protection)(listener);
    return {
      path,
      listener: policies.toReversed().reduce<Listener>((inner, policy) => cors(policy)(inner), protectedListener),
    };
  });
  return (request, response) => {
    const mount = wrapped.find(({ path }) => request.url?.startsWith(`${path}/`));
    mount?.listener(request, response);
  };
}

function application(path: string, request: Incoming, response: ServerResponse): void {
  const name = request.url?.slice(path.length + 1);
  // There is no error handler but one's own.
  const fail = () => {
    for (const header of response.getHeaderNames()) response.removeHeader(header);
    response.writeHead(500, { "content-type": "text/plain" });
    response.end("failed");
  };
  try {
    answer(name as Behaviour, request, response).catch(fail);
  } catch {
    fail();
  }
}

function answer(name: Behaviour, request: Incoming, response: ServerResponse): Promise<void> {
  if (name.startsWith("raw-")) rawReply(name, response);
  else if (name === "throw-error") throw new Error("thrown");
  // biome-ignore lint/style/useThrowOnlyError: what applications do.
  else if (name === "throw-string") throw "thrown";
  // biome-ignore lint/style/useThrowOnlyError: what applications do.
  else if (name === "throw-null") throw null;
  return answerLater(name, request, response);
}

async function answerLater(name: Behaviour, request: Incoming, response: ServerResponse): Promise<void> {
  switch (name) {
    case "text":
      if (request.method === "OPTIONS") response.setHeader("allow", "GET, OPTIONS");
      response.end("text");
      break;
    case "tagged":
      response.writeHead(200, tags).end("tagged");
      break;
    case "vary":
      response.setHeader("Vary", "Accept-Language");
      response.end("vary");
      break;
    case "vary-all":
      response.setHeader("Vary", "*");
      response.end("vary");
      break;
    case "foreign":
      for (const [header, value] of Object.entries(foreignHeaders)) response.setHeader(header, value);
      response.end("foreign");
      break;
    case "empty":
      response.statusCode = 204;
      response.end();
      break;
    case "not-modified":
      response.writeHead(304).end();
      break;
    case "redirect":
      response.writeHead(302, { location: "text" }).end();
      break;
    case "stream":
      for (const piece of pieces) response.write(piece);
      response.end();
      break;
    case "early":
      response.writeHead(401, { "www-authenticate": "Basic" });
      response.end("who are you?");
      break;
    case "reject":
      await Promise.resolve();
      throw new Error("rejected");
    case "json": {
      let body = "";
      for await (const chunk of request) body += chunk;
      if (body.length > bodyLimit) response.statusCode = 413;
      else JSON.parse(body);
      response.end();
      break;
    }
    default:
      if (name.startsWith("raw-")) return;
      response.statusCode = 404;
      response.end("not found");
  }
}
