import { type ReactElement, type SubmitEvent, useId } from "react";
import type { BookDetails } from "./book.ts";

/** What a form of a book begins with, and what comes of it. */
export interface BookFieldsProps {
  /** `null`: the visitor writes a title as well. */
  readonly title: string | null;
  readonly details: BookDetails | null;
  readonly action: string;
  readonly onWrite: (title: string, details: BookDetails) => void;
}

/** The form of a book. */
export function BookFields({ title, details, action, onWrite }: BookFieldsProps): ReactElement {
  const id = useId();
  const write = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const textOf = (name: string) => String(data.get(name) ?? "");
    onWrite(title ?? textOf("title"), { author: textOf("author"), year: Number(textOf("year")) });
  };
  return (
    <form className="fields" onSubmit={write}>
      {title !== null ? null : (
        <p className="field">
          <label htmlFor={`${id}-title`}>Title</label>
          <input id={`${id}-title`} name="title" required maxLength={200} autoComplete="off" />
        </p>
      )}
      <p className="field">
        <label htmlFor={`${id}-author`}>Author</label>
        <input
          id={`${id}-author`}
          name="author"
          required
          maxLength={200}
          autoComplete="off"
          defaultValue={details?.author}
        />
      </p>
      <p className="field field-short">
        <label htmlFor={`${id}-year`}>Year (BC: negative)</label>
        <input
          id={`${id}-year`}
          name="year"
          type="number"
          required
          min={-3000}
          max={2100}
          defaultValue={details?.year}
        />
      </p>
      <button type="submit" className="main">
        {action}
      </button>
    </form>
  );
}
