import type { ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import { type Behaviour, foreignHeaders } from "./application.ts";

const foreign = "access-control-allow-origin";

/** Answers by Node's own response, as handlers do that take a framework's reply over. */
export function rawReply(behaviour: Behaviour, given: ServerResponse | Http2ServerResponse): void {
  const response = given as ServerResponse;
  // Koa begins with 404.
  response.statusCode = 200;
  const mixed = { "Content-Type": "text/plain", vARY: "Accept-Language", "Access-Control-Allow-Origin": "*" };
  switch (behaviour) {
    case "raw-object":
      response.writeHead(200, mixed);
      break;
    case "raw-list":
      response.setHeader("Vary", "Cookie");
      response.setHeader(foreign, "*");
      response.writeHead(200, Object.entries(mixed).flat());
      break;
    case "raw-reason":
      // HTTP/2 has no reason phrases, and Node warns of them.
      if ("stream" in response) response.writeHead(200, mixed);
      else response.writeHead(200, "Fine", mixed);
      break;
    case "raw-set":
      response.setHeader("Vary", ["Accept-Language"]);
      for (const [name, value] of Object.entries(foreignHeaders)) response.setHeader(name, value);
      response.writeHead(200);
      break;
    case "raw-flush":
      response.setHeader("Content-Type", "text/event-stream");
      response.setHeader("Vary", "Accept-Language");
      response.setHeader(foreign, "*");
      response.flushHeaders();
      setTimeout(() => response.end("data: late\n\n"), 5);
      return;
    case "raw-respond": {
      const { stream } = given as Http2ServerResponse;
      stream.respond({ ":status": 200, Vary: "Accept-Language", ...foreignHeaders });
      stream.end("by the stream");
      return;
    }
    default:
      response.write("written ");
  }
  response.end("at last");
}
