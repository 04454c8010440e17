import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Book, books } from "./books.ts";

/** The front end that may use the API with cookies, from another origin. */
export const bookshopOrigin = "http://localhost:3000";

/**
 * The books API: `GET /books`, and `GET`, `PUT` and `DELETE /books/<title>` for the bookshop's origin alone;
 * `GET /catalogue` for everyone; `/library` has moved to `/books`, and its redirect has forgotten the CORS headers.
 */
export function createBooksApi(): Server {
  const shelf = new Map(books.map((book) => [book.title, book]));
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/catalogue") return catalogue(response, [...shelf.values()]);
    if (pathname === "/library") return void response.writeHead(301, { Location: "/books" }).end();
    allowBookshop(request, response);
    if (isPreflight(request)) return void response.writeHead(204).end();
    if (pathname === "/books") return answerCollection(request, response, shelf);
    const title = /^\/books\/([^/]+)$/.exec(pathname)?.[1];
    if (title === undefined) return problem(response, 404, "There is no such resource.");
    answerBook(request, response, shelf, decodeURIComponent(title)).catch(() =>
      problem(response, 400, "The body is no book."),
    );
  });
}

function allowBookshop(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("Vary", "Origin");
  if (request.headers.origin !== bookshopOrigin) return;
  response.setHeader("Access-Control-Allow-Origin", bookshopOrigin);
  response.setHeader("Access-Control-Allow-Credentials", "true");
  if (!isPreflight(request)) return;
  response.setHeader("Access-Control-Allow-Methods", "GET, PUT, DELETE");
  response.setHeader("Access-Control-Allow-Headers", "Content-Type");
  response.setHeader("Access-Control-Max-Age", "600");
}

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
}

/** Everybody may read this, as long as no cookies are involved. */
function catalogue(response: ServerResponse, all: readonly Book[]): void {
  response.setHeader("Access-Control-Allow-Origin", "*");
  json(response, 200, all);
}

function answerCollection(request: IncomingMessage, response: ServerResponse, shelf: Map<string, Book>): void {
  if (request.method === "GET" || request.method === "HEAD") json(response, 200, [...shelf.values()]);
  else notAllowed(response, "GET, HEAD");
}

async function answerBook(
  request: IncomingMessage,
  response: ServerResponse,
  shelf: Map<string, Book>,
  title: string,
): Promise<void> {
  const book = shelf.get(title);
  switch (request.method) {
    case "GET":
    case "HEAD":
      if (book === undefined) return problem(response, 404, "There is no such book.");
      return json(response, 200, book);
    case "PUT": {
      const { author, year } = JSON.parse(await read(request)) as Partial<Book>;
      if (typeof author !== "string" || typeof year !== "number")
        return problem(response, 400, "A book has an author and a year.");
      shelf.set(title, { title, author, year });
      return void response.writeHead(book === undefined ? 201 : 204).end();
    }
    case "DELETE":
      if (!shelf.delete(title)) return problem(response, 404, "There is no such book.");
      return void response.writeHead(204).end();
    default:
      return notAllowed(response, "GET, HEAD, PUT, DELETE");
  }
}

async function read(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > 10_000) throw new Error("the body is too long");
  }
  return text;
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}

function problem(response: ServerResponse, status: number, title: string): void {
  response.writeHead(status, { "Content-Type": "application/problem+json" }).end(JSON.stringify({ status, title }));
}

function notAllowed(response: ServerResponse, allow: string): void {
  response.setHeader("Allow", allow);
  problem(response, 405, `This resource allows ${allow}.`);
}
