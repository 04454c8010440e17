import { createHash } from "node:crypto";
import { METHODS, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { definePolicy, type Policy } from "@corsac/server";
import { cors, crossOriginProtection, resource } from "@corsac/server/fastify";
import { createSqliteStore } from "@corsac/server/idempotency/sqlite";
import { entityTag } from "@corsac/server/resource";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { apiDescription } from "./api-description.ts";
import { type BookShelf, createBookShelf } from "./book-shelf.ts";
import { addBooksRoutes } from "./books-routes.ts";
import { openDatabase } from "./open-database.ts";
import { createOrderBook } from "./order-book.ts";
import { addOrdersRoutes, type Charge } from "./orders-routes.ts";
import { policyOptions } from "./policy.ts";
import { Problem, problemOf } from "./problem.ts";

/** What the books API is made of. Everything may be left out. */
export interface BooksApiOptions {
  /** The SQLite file; `:memory:`, the default, forgets everything. */
  readonly file?: string;
  /** In place of `policy.json`. */
  readonly policy?: Policy;
  /** Is awaited before an order is placed. By default nobody pays. */
  readonly charge?: Charge;
  /** Is told what went wrong in the server. By default it goes to standard error. */
  readonly log?: (error: Error) => void;
}

/** The books API, ready to listen. */
export interface BooksApi {
  /** For `browser.route`, which needs no port. */
  readonly server: Server;
  /** Listens on loopback and returns the URL. */
  listen(port?: number): Promise<string>;
  /** Answers what has begun, then closes the connections and the database. */
  close(): Promise<void>;
}

/**
 * Makes the books API: books and orders for the bookshop's origin alone, by one policy; and two telling mistakes.
 * `/catalogue` is for everyone, which ends where cookies begin, and the redirect of `/library` has no CORS headers.
 */
export async function createBooksApi({
  file = ":memory:",
  policy = definePolicy(policyOptions),
  charge = async () => {},
  log = console.error,
}: BooksApiOptions = {}): Promise<BooksApi> {
  const app = createApp(log);
  const database = openDatabase(file);
  const shelf = createBookShelf(database);
  const store = createSqliteStore(database);
  app.addHook("onClose", async () => void database.close());

  app.register(async (scope) => {
    scope.register(cors(policy)).register(crossOriginProtection(policy));
    await scope.after();
    addBooksRoutes(scope, shelf);
    addOrdersRoutes(scope, { orders: createOrderBook(database), shelf, charge, store });
    addDescription(scope);
    scope.all("/*", notFound);
  });
  app.register(async (scope) => {
    scope.register(cors({ origins: "*" }));
    await scope.after();
    addCatalogue(scope, shelf);
  });
  app.all("/library", resource({ GET: (_: FastifyRequest, reply: FastifyReply) => reply.redirect("/books", 301) }));
  app.setNotFoundHandler(notFound);
  await app.ready();

  return {
    server: app.server,
    async listen(port = 0) {
      await app.listen({ port, host: "127.0.0.1" });
      return `http://localhost:${(app.server.address() as AddressInfo).port}`;
    },
    close: () => app.close(),
  };
}

function createApp(log: (error: Error) => void): FastifyInstance {
  const answerError = (error: Error, _: unknown, reply: FastifyReply) => {
    const problem = problemOf(error);
    if (problem === null) log(error);
    const { status, headers, body } = problem ?? new Problem(500, "server-error", "The server has made a mistake.");
    return reply.code(status).headers(headers).send(body);
  };
  const app = fastify({
    bodyLimit: 16_384,
    routerOptions: { maxParamLength: 2000 },
    // What it finds before it has a route, such as a malformed URL.
    frameworkErrors: (error, request, reply) => answerError(error, request, reply as FastifyReply),
  });
  // Fastify routes some methods only; a resource has an answer to all that Node reads.
  for (const method of METHODS) {
    if (!app.supportedMethods.includes(method) && method !== "CONNECT") app.addHttpMethod(method, { hasBody: true });
  }
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_, body, done) => done(null, body));
  app.setErrorHandler(answerError);
  return app;
}

function addDescription(app: FastifyInstance): void {
  const etag = entityTag(createHash("sha256").update(JSON.stringify(apiDescription)).digest("base64url"));
  app.all(
    "/openapi.json",
    resource(
      { GET: (_: FastifyRequest, reply: FastifyReply) => reply.send(apiDescription) },
      { validators: () => ({ etag, headers: { "cache-control": "no-cache" } }) },
    ),
  );
}

/** Everybody may read this, as long as no cookies are involved. */
function addCatalogue(app: FastifyInstance, shelf: BookShelf): void {
  app.all(
    "/catalogue",
    resource(
      { GET: (_: FastifyRequest, reply: FastifyReply) => reply.send(shelf.page({ limit: shelf.count(), offset: 0 })) },
      { validators: () => ({ etag: entityTag(shelf.revision()), headers: { "cache-control": "public, max-age=60" } }) },
    ),
  );
}

function notFound(): never {
  throw new Problem(404, "no-such-resource", "There is no such resource.");
}
