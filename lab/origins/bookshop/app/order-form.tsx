import { type ReactElement, type SubmitEvent, useId, useState } from "react";
import { orderBook } from "./book.ts";
import type { Asked, Told } from "./books-client.ts";
import { Notice } from "./notice.tsx";
import type { Shop } from "./use-shop.ts";

/** Orders a book; what is sent twice is ordered once. */
export function OrderForm({ shop, title }: { readonly shop: Shop; readonly title: string }): ReactElement {
  const id = useId();
  const [told, setTold] = useState<Told | null>(null);
  const send = async (asked: Asked) => setTold(await shop.ask(asked));
  const order = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const copies = Number(new FormData(event.currentTarget).get("copies"));
    void send(orderBook(title, copies, crypto.randomUUID()));
  };
  const answer = told?.answer?.status === 201 ? told.answer : null;
  const placed = answer?.body as { readonly id: string; readonly copies: number } | undefined;
  return (
    <section className="order" aria-labelledby={`${id}-heading`}>
      <h2 id={`${id}-heading`}>Order it</h2>
      <form className="fields" onSubmit={order}>
        <p className="field field-short">
          <label htmlFor={`${id}-copies`}>Copies</label>
          <input id={`${id}-copies`} name="copies" type="number" required min={1} max={99} defaultValue={1} />
        </p>
        <button type="submit" className="main">
          Place the order
        </button>
      </form>
      <Notice shop={shop} told={told} />
      <div role="status">
        {told === null || placed === undefined ? null : (
          <div className="done">
            <p>
              <strong>Ordered: {placed.copies === 1 ? "one copy" : `${placed.copies} copies`}.</strong> Number{" "}
              <code>{placed.id.slice(0, 8)}</code>.{" "}
              {answer?.isReplayed
                ? "The same key, so the same order: nothing was ordered twice."
                : "Did the answer get lost? The same request can be sent again."}
            </p>
            <button type="button" onClick={() => void send(told.asked)}>
              Send it again, with the same Idempotency-Key
            </button>
          </div>
        )}
      </div>
    </section>
  );
}
