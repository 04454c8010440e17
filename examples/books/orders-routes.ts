import { randomUUID } from "node:crypto";
import { idempotencyKey, resource } from "@corsac/server/fastify";
import { type IdempotencyStore, idempotencyOf } from "@corsac/server/idempotency";
import { entityTag } from "@corsac/server/resource";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { BookShelf } from "./book-shelf.ts";
import { type Order, type OrderRequest, parseOrder } from "./order.ts";
import type { OrderBook } from "./order-book.ts";
import { pageLinks, parsePaging } from "./paging.ts";
import { Problem } from "./problem.ts";
import { readJson } from "./read-json.ts";

/**
 * Takes the money for an order; rejects when it does not get it. A process may die after that and before the order is
 * kept; who takes money goes by `name`, which stays the same when the request is carried out once more.
 */
export type Charge = (order: Order, name: string) => Promise<void>;

/** What orders are made of. */
export interface OrdersParts {
  readonly orders: OrderBook;
  readonly shelf: BookShelf;
  readonly charge: Charge;
  /** Where keys are kept: beside the orders. */
  readonly store: IdempotencyStore;
}

/** Orders are the business of those who placed them: no shared cache keeps them. */
const headers = { "cache-control": "private, no-cache" };

/** `/orders`, page by page, and `/orders/<id>`. */
export function addOrdersRoutes(app: FastifyInstance, { orders, shelf, charge, store }: OrdersParts): void {
  function listOrders({ query }: FastifyRequest, reply: FastifyReply) {
    const paging = parsePaging(query);
    return reply.header("link", pageLinks("/orders", paging, orders.count())).send(orders.page(paging));
  }

  async function placeOrder(request: FastifyRequest, reply: FastifyReply) {
    const wanted = parseOrder(readJson(request, "application/json"), (title) => shelf.find(title) !== null);
    // Without a key it would not have come this far.
    const { id: name = "" } = idempotencyOf(request) ?? {};
    const order = orders.findByRequest(name) ?? (await placeNew(wanted, name));
    return reply.code(201).header("location", `/orders/${order.id}`).send(order);
  }

  async function placeNew(wanted: OrderRequest, name: string): Promise<Order> {
    const order: Order = { id: randomUUID(), ...wanted, placedAt: new Date().toISOString() };
    await charge(order, name);
    return orders.place(order, name);
  }

  function readOrder(request: FastifyRequest) {
    const order = orders.find(idOf(request));
    if (order === null) throw noOrder();
    return order;
  }

  function cancelOrder(request: FastifyRequest, reply: FastifyReply) {
    if (!orders.cancel(idOf(request))) throw noOrder();
    return reply.code(204).send();
  }

  // In a scope of its own: what does not have POST needs no key to be told so.
  app.register(async (scope) => {
    scope.register(idempotencyKey({ store, methods: ["POST"], required: true }));
    await scope.after();
    scope.all(
      "/orders",
      resource<FastifyRequest, FastifyReply>(
        { GET: listOrders, POST: placeOrder },
        { validators: () => ({ etag: entityTag(orders.revision()), headers }) },
      ),
    );
  });
  app.all(
    "/orders/:id",
    resource<FastifyRequest, FastifyReply>(
      { GET: readOrder, DELETE: cancelOrder },
      {
        validators: (request) =>
          orders.find(idOf(request)) === null ? null : { etag: entityTag(idOf(request)), headers },
      },
    ),
  );
}

function idOf({ params }: FastifyRequest): string {
  return (params as { readonly id: string }).id;
}

function noOrder(): Problem {
  return new Problem(404, "no-such-order", "There is no order of this number.");
}
