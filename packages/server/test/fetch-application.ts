import { type Behaviour, bodyLimit, foreignHeaders, pieces, tags } from "./application.ts";

/** A response that is given to every request. */
const sharedResponse = new Response(null, { status: 404 });

/** Answers as handlers do that return a `Response`. */
export async function fetchApplication(name: Behaviour, request: Request): Promise<Response> {
  switch (name) {
    case "text":
      return new Response("text", request.method === "OPTIONS" ? { headers: { allow: "GET, OPTIONS" } } : {});
    case "tagged":
      return new Response("tagged", { headers: tags });
    case "vary":
      return new Response("vary", { headers: { vary: "Accept-Language" } });
    case "vary-all":
      return new Response("vary", { headers: { vary: "*" } });
    case "foreign":
      return new Response("foreign", { headers: foreignHeaders });
    case "empty":
      return new Response(null, { status: 204 });
    case "not-modified":
      return new Response(null, { status: 304 });
    case "redirect":
      return Response.redirect(new URL("text", request.url), 302);
    case "stream":
      return new Response(
        new ReadableStream({
          start(controller) {
            for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
            controller.close();
          },
        }),
      );
    case "early":
      return new Response("who are you?", { status: 401, headers: { "www-authenticate": "Basic" } });
    case "throw-error":
    case "reject":
      throw new Error("thrown");
    case "throw-string":
      // biome-ignore lint/style/useThrowOnlyError: what applications do.
      throw "thrown";
    case "throw-null":
      // biome-ignore lint/style/useThrowOnlyError: what applications do.
      throw null;
    case "json": {
      const body = await request.text();
      return body.length > bodyLimit ? new Response(null, { status: 413 }) : Response.json(JSON.parse(body));
    }
    case "immutable":
      return fetch("data:text/plain,fetched");
    case "shared":
      return sharedResponse;
    default:
      return new Response("not found", { status: 404 });
  }
}
