import type Database from "libsql";
import type { Order } from "./order.ts";
import type { Paging } from "./paging.ts";

/** The orders of the shop, the latest first. */
export interface OrderBook {
  /** Grows with each order and each cancellation. */
  revision(): number;
  page(paging: Paging): readonly Order[];
  count(): number;
  find(id: string): Order | null;
  /**
   * Keeps an order, and with it the name of the request that placed it. A request that was carried out before, by a
   * process that died before it could answer, gets the order of then.
   */
  place(order: Order, request: string): Order;
  /** Returns the order that a request has placed. */
  findByRequest(request: string): Order | null;
  /** Reports whether there was such an order. */
  cancel(id: string): boolean;
}

interface Row {
  readonly id: string;
  readonly title: string;
  readonly copies: number;
  readonly placed_at: string;
}

/** Reads and writes orders in a database. Each write is one transaction. */
export function createOrderBook(database: Database.Database): OrderBook {
  const selectRevision = database.prepare("SELECT revision FROM revisions WHERE list = 'orders'");
  const nextRevision = database.prepare("UPDATE revisions SET revision = revision + 1 WHERE list = 'orders'");
  const selectPage = database.prepare("SELECT * FROM orders ORDER BY rowid DESC LIMIT ? OFFSET ?");
  const selectCount = database.prepare("SELECT count(*) AS count FROM orders");
  const select = database.prepare("SELECT * FROM orders WHERE id = ?");
  const selectByRequest = database.prepare("SELECT * FROM orders WHERE request = ?");
  const insert = database.prepare("INSERT INTO orders VALUES (?, ?, ?, ?, ?)");
  const deleteOne = database.prepare("DELETE FROM orders WHERE id = ?");

  const found = (row: unknown) => (row === undefined ? null : toOrder(row as Row));
  const findByRequest = (request: string) => found(selectByRequest.get(request));
  const place = database.transaction((order: Order, request: string) => {
    const earlier = findByRequest(request);
    if (earlier !== null) return earlier;
    const { id, title, copies, placedAt } = order;
    insert.run(id, title, copies, placedAt, request);
    nextRevision.run();
    return order;
  });
  const cancel = database.transaction((id: string) => {
    const { changes } = deleteOne.run(id);
    if (changes > 0) nextRevision.run();
    return changes > 0;
  });

  return {
    revision: () => (selectRevision.get() as { readonly revision: number }).revision,
    page: ({ limit, offset }) => (selectPage.all(limit, offset) as Row[]).map(toOrder),
    count: () => (selectCount.get() as { readonly count: number }).count,
    find: (id) => found(select.get(id)),
    findByRequest,
    place: place.immediate,
    cancel: cancel.immediate,
  };
}

function toOrder({ id, title, copies, placed_at: placedAt }: Row): Order {
  return { id, title, copies, placedAt };
}
