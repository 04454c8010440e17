import { PreconditionFailedError } from "@corsac/server/resource";
import type Database from "libsql";
import type { Book } from "./book.ts";
import type { Paging } from "./paging.ts";

/** A book, and the revision of the shelf in which it was last changed. */
export interface ShelvedBook {
  readonly book: Book;
  readonly revision: number;
}

/**
 * The revision that a book has to have for a write to be carried out: null if it must not be there, undefined if it may
 * be in any state.
 */
export type ExpectedRevision = number | null | undefined;

/** The books of the shop, in the order of their titles. Methods that write throw `PreconditionFailedError`. */
export interface BookShelf {
  /** Grows with each change and never goes back, so that a book which comes back does not look like the old one. */
  revision(): number;
  page(paging: Paging): readonly Book[];
  count(): number;
  find(title: string): ShelvedBook | null;
  put(book: Book, expected: ExpectedRevision): "created" | "replaced";
  /** Changes a book by a function of it; null without the book. */
  change(title: string, expected: ExpectedRevision, change: (book: Book) => Book): ShelvedBook | null;
  /** Reports whether there was such a book. */
  remove(title: string, expected: ExpectedRevision): boolean;
}

/** Reads and writes books in a database. Each write is one transaction, also towards other processes. */
export function createBookShelf(database: Database.Database): BookShelf {
  const selectRevision = database.prepare("SELECT revision FROM revisions WHERE list = 'books'");
  const nextRevision = database.prepare("UPDATE revisions SET revision = revision + 1 WHERE list = 'books'");
  const selectPage = database.prepare("SELECT title, author, year FROM books ORDER BY title LIMIT ? OFFSET ?");
  const selectCount = database.prepare("SELECT count(*) AS count FROM books");
  const select = database.prepare("SELECT title, author, year, revision FROM books WHERE title = ?");
  const upsert = database.prepare(
    "INSERT INTO books VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET author = excluded.author, year = excluded.year, revision = excluded.revision",
  );
  const deleteOne = database.prepare("DELETE FROM books WHERE title = ?");

  const revision = () => (selectRevision.get() as { readonly revision: number }).revision;
  const find = (title: string): ShelvedBook | null => {
    const row = select.get(title) as (Book & { readonly revision: number }) | undefined;
    return row === undefined ? null : { book: toBook(row), revision: row.revision };
  };
  const findExpected = (title: string, expected: ExpectedRevision) => {
    const found = find(title);
    if (expected !== undefined && expected !== (found?.revision ?? null)) throw new PreconditionFailedError();
    return found;
  };
  /** What is the same already is not written: a repeated PUT changes nothing, not even the revision. */
  const write = (book: Book, before: ShelvedBook | null): ShelvedBook => {
    const { title, author, year } = book;
    if (before?.book.author === author && before.book.year === year) return before;
    nextRevision.run();
    const written = { book, revision: revision() };
    upsert.run(title, author, year, written.revision);
    return written;
  };

  const put = database.transaction((book: Book, expected: ExpectedRevision) => {
    const before = findExpected(book.title, expected);
    write(book, before);
    return before === null ? "created" : "replaced";
  });
  const change = database.transaction((title: string, expected: ExpectedRevision, next: (book: Book) => Book) => {
    const before = findExpected(title, expected);
    return before === null ? null : write(next(before.book), before);
  });
  const remove = database.transaction((title: string, expected: ExpectedRevision) => {
    if (findExpected(title, expected) === null) return false;
    deleteOne.run(title);
    nextRevision.run();
    return true;
  });

  return {
    revision,
    page: ({ limit, offset }) => (selectPage.all(limit, offset) as Book[]).map(toBook),
    count: () => (selectCount.get() as { readonly count: number }).count,
    find,
    put: put.immediate,
    change: change.immediate,
    remove: remove.immediate,
  };
}

/** The driver puts members of its own into rows. */
function toBook({ title, author, year }: Book): Book {
  return { title, author, year };
}
