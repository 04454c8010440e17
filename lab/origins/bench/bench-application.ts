import type { IncomingMessage, ServerResponse } from "node:http";
import { definePolicy } from "@corsac/server";
import { cors, crossOriginProtection } from "@corsac/server/node";
import type { HeaderLine, RawAnswer, Situation } from "../../situation/situation.ts";
import { answerText, type Listener } from "../http-origin.ts";
import type { OriginApplication } from "../origin-front.ts";
import { isPreflight } from "../record-exchange.ts";

/** The API whose answers are those of the situation that is being run: raw, or by a real policy of `@corsac/server`. */
export function createBenchApplication(): OriginApplication {
  const listeners = new WeakMap<Situation, Listener>();
  return (request, response, side) => {
    if (side === null) {
      answerText(response, 200, "This is the bench: what it answers is written on the page of the lab.");
      return;
    }
    const { situation } = side.run;
    let listener = listeners.get(situation);
    if (listener === undefined) {
      listener = listenerFor(situation.server);
      listeners.set(situation, listener);
    }
    listener(request, response);
  };
}

function listenerFor(server: Situation["server"]): Listener {
  switch (server.kind) {
    case "itself":
      return (_, response) => answerText(response, 200, "The bench answers what you write.");
    case "policy": {
      const policy = definePolicy(server.policy);
      const application: Listener = (request, response) => answer(request, response, server.answer);
      const guarded = server.protection ? crossOriginProtection(policy)(application) : application;
      // Here the application's headers go through the policy, as they do in life.
      return cors(policy)(guarded);
    }
    case "raw":
      return (request, response) => {
        const isAskedBefore = server.preflight !== null && isPreflight(request);
        answerRaw(request, response, isAskedBefore ? server.preflight : server.answer);
      };
  }
}

// One by one, so that a policy can see and replace them.
function answer(request: IncomingMessage, response: ServerResponse, { status, headers, body }: RawAnswer): void {
  response.statusCode = status;
  for (const [name, value] of [...headers, ...confinementOf(request)]) response.appendHeader(name, value);
  end(response, status, body);
}

// All at once, so that every line stays as it was written: repeated, misspelt, in this order.
function answerRaw(request: IncomingMessage, response: ServerResponse, { status, headers, body }: RawAnswer): void {
  response.writeHead(status, [...headers, ...confinementOf(request)].flat());
  end(response, status, body);
}

// A form shows the answer as a page, and links carry answers: that page is to do nothing in the name of `localhost`.
function confinementOf({ headers }: IncomingMessage): readonly HeaderLine[] {
  const destination = headers["sec-fetch-dest"];
  const isPage = destination === undefined ? /\btext\/html\b/.test(headers.accept ?? "") : documents.has(destination);
  return isPage ? [["Content-Security-Policy", "sandbox; default-src 'none'"]] : [];
}

/** The destinations whose answers become documents. */
const documents: ReadonlySet<unknown> = new Set(["document", "embed", "frame", "iframe", "object"]);

function end(response: ServerResponse, status: number, body: string): void {
  if (status === 204 || status === 304 || response.req.method === "HEAD") response.end();
  else response.end(body);
}
