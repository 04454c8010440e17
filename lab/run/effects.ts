import { postText } from "../origins/social-network/post-text.ts";
import type { Effect, WireExchange } from "../situation/run-report.ts";

/** What the servers did because of a run, as their answers tell. Reading has no effect. */
export function effectsOf(wire: readonly WireExchange[]): Effect[] {
  return wire.flatMap((exchange) => {
    const what = effectOf(exchange);
    return what === null ? [] : [{ server: exchange.server, what }];
  });
}

function effectOf({ server, kind, request, response }: WireExchange): string | null {
  const { method, path } = request;
  const isSafe = /^(?:GET|HEAD|OPTIONS)$/.test(method);
  if (kind === "preflight" || isSafe || server === "gateway" || response.status < 200 || response.status > 299)
    return null;
  switch (server) {
    case "social":
      return path === "/api/posts" ? `A post in Alice's name: “${textOf(request)}”.` : null;
    case "books":
      return bookEffect(method, path, response);
    default:
      return `The application carried out ${method} ${path}.`;
  }
}

function bookEffect(method: string, path: string, { status, headers }: WireExchange["response"]): string | null {
  if (headers.some(([name]) => /^idempotency-replayed$/i.test(name))) return null;
  if (path.startsWith("/orders")) return method === "POST" ? "An order was placed." : "An order was cancelled.";
  const title = path.split(/[/?]/)[2] ?? "";
  if (method === "DELETE") return `The book ${title} is gone.`;
  return status === 201 ? `The book ${title} is new on the shelf.` : `The book ${title} is as it was sent.`;
}

function textOf({ headers, body }: WireExchange["request"]): string {
  const [, contentType = ""] = headers.find(([name]) => /^content-type$/i.test(name)) ?? [];
  return postText(contentType, body) ?? "";
}
