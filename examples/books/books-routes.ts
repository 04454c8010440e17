import { resource } from "@corsac/server/fastify";
import { type CurrentState, entityTag } from "@corsac/server/resource";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { parseBook, patchBook } from "./book.ts";
import type { BookShelf, ExpectedRevision } from "./book-shelf.ts";
import { pageLinks, parsePaging } from "./paging.ts";
import { Problem } from "./problem.ts";
import { mergePatch, readJson } from "./read-json.ts";

/** Clients keep what they got and ask each time whether it still holds. */
const headers = { "cache-control": "no-cache" };

/** `/books`, page by page, and `/books/<title>`. */
export function addBooksRoutes(app: FastifyInstance, shelf: BookShelf): void {
  /** The revision by which the preconditions of a request were judged: the write compares once more. */
  const judged = new WeakMap<FastifyRequest, number | null>();

  function listBooks({ query }: FastifyRequest, reply: FastifyReply) {
    const paging = parsePaging(query);
    return reply.header("link", pageLinks("/books", paging, shelf.count())).send(shelf.page(paging));
  }

  function stateOfBook(request: FastifyRequest): CurrentState | null {
    const revision = shelf.find(titleOf(request))?.revision ?? null;
    judged.set(request, revision);
    return revision === null ? null : { etag: entityTag(revision), headers };
  }

  /** What others did between the judgement and the write matters to a conditional request only. */
  function expectedBy(request: FastifyRequest): ExpectedRevision {
    const isConditional = "if-match" in request.headers || "if-none-match" in request.headers;
    return isConditional ? judged.get(request) : undefined;
  }

  function readBook(request: FastifyRequest) {
    const found = shelf.find(titleOf(request));
    if (found === null) throw noBook();
    return found.book;
  }

  function replaceBook(request: FastifyRequest, reply: FastifyReply) {
    const book = parseBook(titleOf(request), readJson(request, "application/json"));
    const isCreated = shelf.put(book, expectedBy(request)) === "created";
    // No ETag: what GET gives is not byte for byte what came, and then HTTP does not want one.
    return reply.code(isCreated ? 201 : 204).send();
  }

  function changeBook(request: FastifyRequest, reply: FastifyReply) {
    const patch = readJson(request, mergePatch);
    const changed = shelf.change(titleOf(request), expectedBy(request), (book) => patchBook(book, patch));
    if (changed === null) throw noBook();
    return reply
      .headers({ etag: entityTag(changed.revision), "content-location": request.originalUrl })
      .send(changed.book);
  }

  function removeBook(request: FastifyRequest, reply: FastifyReply) {
    if (!shelf.remove(titleOf(request), expectedBy(request))) throw noBook();
    return reply.code(204).send();
  }

  app.all(
    "/books",
    resource<FastifyRequest, FastifyReply>(
      { GET: listBooks },
      { validators: () => ({ etag: entityTag(shelf.revision()), headers }) },
    ),
  );
  app.all(
    "/books/:title",
    resource<FastifyRequest, FastifyReply>(
      { GET: readBook, PUT: replaceBook, PATCH: changeBook, DELETE: removeBook },
      { validators: stateOfBook, acceptPatch: [mergePatch] },
    ),
  );
}

function titleOf({ params }: FastifyRequest): string {
  return (params as { readonly title: string }).title;
}

function noBook(): Problem {
  return new Problem(404, "no-such-book", "The shop has no book of this title.");
}
