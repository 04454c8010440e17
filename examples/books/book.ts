import { type Fault, Problem, unknownMembers } from "./problem.ts";

/** A book as the API gives it. Its title is its name: no two books have the same. */
export interface Book {
  readonly title: string;
  readonly author: string;
  /** Of the first publication; negative before our era. */
  readonly year: number;
}

/** How long a title and the name of an author can be, in UTF-16 code units. */
export const longestText = 200;

/** The first and the last year that a book can be from. */
export const years: { readonly first: number; readonly last: number } = { first: -3000, last: 2100 };

/**
 * Reads the book that a client wants to have under a title.
 *
 * @throws {Problem} 422 with everything that is wrong
 */
export function parseBook(title: string, value: unknown): Book {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidBook([{ pointer: "#", detail: "is an object with author and year" }]);
  }
  const { title: given = title, author, year, ...others } = value as Record<string, unknown>;
  const faults = unknownMembers(others, "is no member of a book");
  if (!isText(title)) faults.push({ pointer: "#/title", detail: textRule });
  if (given !== title) faults.push({ pointer: "#/title", detail: "is the title that the URL has, or is left out" });
  if (!isText(author)) faults.push({ pointer: "#/author", detail: textRule });
  if (typeof year !== "number" || !Number.isInteger(year) || year < years.first || year > years.last) {
    faults.push({ pointer: "#/year", detail: `is a whole number from ${years.first} to ${years.last}` });
  }
  if (faults.length > 0) throw invalidBook(faults);
  return { title, author: author as string, year: year as number };
}

const textRule = `is a text of 1 to ${longestText} characters that can be seen`;

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= longestText && /\S/.test(value) && !/\p{Cc}/u.test(value);
}

/**
 * Applies a JSON merge patch to a book.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7396
 * @throws {Problem} 422 when what comes of it is no book
 */
export function patchBook(book: Book, patch: unknown): Book {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return parseBook(book.title, patch);
  // Members of a book have no members themselves, so the merge has no depth; null removes.
  const merged = Object.entries({ ...book, ...patch }).filter(([, value]) => value !== null);
  return parseBook(book.title, Object.fromEntries(merged));
}

function invalidBook(errors: readonly Fault[]): Problem {
  return new Problem(422, "invalid-book", "This is no book.", { errors });
}
