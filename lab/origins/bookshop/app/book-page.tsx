import { type ReactElement, useState } from "react";
import { type Book, type BookDetails, readBook, removeBook, writeBook, yearText } from "./book.ts";
import { BookFields } from "./book-fields.tsx";
import type { Asked, Told } from "./books-client.ts";
import { Cover } from "./cover.tsx";
import { Notice } from "./notice.tsx";
import { OrderForm } from "./order-form.tsx";
import { writePlace } from "./place.ts";
import { type Shop, useTold } from "./use-shop.ts";

/** A book: what it is, to be ordered, changed or removed. */
export function BookPage({ shop, title }: { readonly shop: Shop; readonly title: string }): ReactElement {
  const [attempt, setAttempt] = useState(0);
  const [written, setWritten] = useState<Told | null>(null);
  const [isAsking, setAsking] = useState(false);
  const told = useTold(shop.ask, readBook(title), attempt);
  const book = told?.answer?.status === 200 ? (told.answer.body as Book) : null;
  const etag = told?.answer?.etag ?? "";

  const write = async (asked: Asked) => {
    const done = await shop.ask(asked);
    setWritten(done);
    setAsking(false);
    const status = done.answer?.status ?? 0;
    if (asked.method === "DELETE" && status === 204) location.hash = writePlace({ kind: "shelf", offset: 0 });
    // 412: somebody else has changed it, so it is read again too.
    else if (status === 204 || status === 412) setAttempt(attempt + 1);
  };
  const change = (_: string, details: BookDetails) => void write(writeBook(title, details, etag));

  if (book === null) {
    return (
      <>
        <h1>{title}</h1>
        <Notice shop={shop} told={told} />
      </>
    );
  }
  return (
    <article className="book-page">
      <Cover {...book} />
      <div>
        <h1>{book.title}</h1>
        <p className="lead">
          {book.author}, {yearText(book.year)}
        </p>
        <OrderForm shop={shop} title={title} />
        <details>
          <summary>Change or remove it</summary>
          <p>
            Both are sent with <code>If-Match: {etag}</code>, the state that this page has read.
          </p>
          <BookFields key={etag} title={title} details={book} action="Save the change" onWrite={change} />
          {isAsking ? (
            <p className="removal">
              Remove “{book.title}” for everybody?{" "}
              <button type="button" className="danger" onClick={() => void write(removeBook(title, etag))}>
                Remove it
              </button>{" "}
              <button type="button" onClick={() => setAsking(false)}>
                Keep it
              </button>
            </p>
          ) : (
            <p className="removal">
              <button type="button" onClick={() => setAsking(true)}>
                Remove it …
              </button>
            </p>
          )}
        </details>
        <Notice shop={shop} told={written} />
        <p role="status">{written?.answer?.status === 204 ? "Saved." : ""}</p>
      </div>
    </article>
  );
}
