import type { Asked } from "./books-client.ts";

/** A book as the API gives it. */
export interface Book {
  readonly title: string;
  readonly author: string;
  /** Of the first publication; negative before our era. */
  readonly year: number;
}

/** What a visitor writes about a book. */
export type BookDetails = Omit<Book, "title">;

/** How many books stand on one shelf. */
export const shelfLength = 12;

/** Asks for one shelf. */
export function listBooks(offset: number): Asked {
  return { method: "GET", path: `/books?limit=${shelfLength}&offset=${offset}`, headers: [], body: null };
}

/** Asks for one book. */
export function readBook(title: string): Asked {
  return { method: "GET", path: pathOf(title), headers: [], body: null };
}

/** Writes a book, if it is still as `etag` says; `null`: if there is none of this title yet. */
export function writeBook(title: string, details: BookDetails, etag: string | null): Asked {
  const precondition = etag === null ? (["If-None-Match", "*"] as const) : (["If-Match", etag] as const);
  const headers = [["Content-Type", "application/json"] as const, precondition];
  return { method: "PUT", path: pathOf(title), headers, body: JSON.stringify(details) };
}

/** Takes a book out of the shop, if it is still as `etag` says. */
export function removeBook(title: string, etag: string): Asked {
  return { method: "DELETE", path: pathOf(title), headers: [["If-Match", etag]], body: null };
}

/** Orders a book. The key belongs to the intention, not to the attempt: sent twice, it is one order. */
export function orderBook(title: string, copies: number, key: string): Asked {
  const headers = [["Content-Type", "application/json"] as const, ["Idempotency-Key", `"${key}"`] as const];
  return { method: "POST", path: "/orders", headers, body: JSON.stringify({ title, copies }) };
}

/** Writes a year for people. */
export function yearText(year: number): string {
  return year < 0 ? `${-year} BC` : String(year);
}

function pathOf(title: string): string {
  return `/books/${encodeURIComponent(title)}`;
}
