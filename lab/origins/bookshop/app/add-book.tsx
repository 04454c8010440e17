import { type ReactElement, useState } from "react";
import { type BookDetails, writeBook } from "./book.ts";
import { BookFields } from "./book-fields.tsx";
import type { Told } from "./books-client.ts";
import { Notice } from "./notice.tsx";
import { writePlace } from "./place.ts";
import type { Shop } from "./use-shop.ts";

/** Adds a book that the shop does not have. */
export function AddBook({ shop }: { readonly shop: Shop }): ReactElement {
  const [told, setTold] = useState<Told | null>(null);
  const add = async (title: string, details: BookDetails) => {
    const written = await shop.ask(writeBook(title, details, null));
    setTold(written);
    if (written.answer?.status === 201) location.hash = writePlace({ kind: "book", title });
  };
  return (
    <>
      <h1>Add a book</h1>
      <p className="lead">
        A PUT with <code>If-None-Match: *</code>: it adds the book only if the shop has none of this title.
      </p>
      <Notice shop={shop} told={told} />
      <BookFields title={null} details={null} action="Add to the shelves" onWrite={add} />
    </>
  );
}
