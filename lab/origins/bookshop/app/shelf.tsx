import type { ReactElement } from "react";
import { type Book, listBooks, shelfLength, yearText } from "./book.ts";
import { Cover } from "./cover.tsx";
import { Notice } from "./notice.tsx";
import { writePlace } from "./place.ts";
import { type Shop, useTold } from "./use-shop.ts";

/** A shelf of books, in the order of their titles. */
export function Shelf({ shop, offset }: { readonly shop: Shop; readonly offset: number }): ReactElement {
  const told = useTold(shop.ask, listBooks(offset));
  const books = told?.answer?.status === 200 ? (told.answer.body as readonly Book[]) : [];
  const link = told?.answer?.link ?? "";
  return (
    <>
      <h1>On the shelves</h1>
      <Notice shop={shop} told={told} />
      <ul className="shelf" aria-busy={told === null}>
        {books.map((book) => (
          <li key={book.title}>
            <a className="book" href={writePlace({ kind: "book", title: book.title })}>
              <Cover {...book} />
              <span className="book-title">{book.title}</span>
              <span className="book-author">
                {book.author}, {yearText(book.year)}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {books.length === 0 ? null : (
        <nav className="paging" aria-label="Shelves">
          {link.includes('rel="prev"') ? (
            <a href={writePlace({ kind: "shelf", offset: Math.max(0, offset - shelfLength) })}>← Earlier titles</a>
          ) : (
            <span>The first shelf</span>
          )}
          {link.includes('rel="next"') ? (
            <a href={writePlace({ kind: "shelf", offset: offset + shelfLength })}>Later titles →</a>
          ) : (
            <span>The last shelf</span>
          )}
        </nav>
      )}
    </>
  );
}
