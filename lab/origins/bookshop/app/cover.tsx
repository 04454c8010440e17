import type { ReactElement } from "react";
import type { Book } from "./book.ts";

const cloths = 8;
const bindings = 4;

/** The cover of a book, the same each time. It is a picture: what it says stands beside it. */
export function Cover({ title, author }: Pick<Book, "author" | "title">): ReactElement {
  const number = Array.from(title + author).reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) >>> 0, 7);
  const size = title.length > 28 ? " cover-long" : "";
  return (
    <span className={`cover cloth-${number % cloths} binding-${(number >>> 4) % bindings}${size}`} aria-hidden="true">
      <span className="cover-title">{title}</span>
      <span className="cover-author">{author}</span>
    </span>
  );
}
