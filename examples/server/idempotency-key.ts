import { idempotencyKey } from "@corsac/server/hono";
import { idempotencyOf } from "@corsac/server/idempotency";
import { createSqliteStore } from "@corsac/server/idempotency/sqlite";
import { Hono } from "hono";
import Database from "libsql";

const database = new Database(":memory:");
database.exec("CREATE TABLE orders (number INTEGER PRIMARY KEY, title TEXT, request TEXT UNIQUE)");

const app = new Hono();
app.use("/orders", idempotencyKey({ store: createSqliteStore(database), required: true }));
app.post("/orders", async (context) => {
  const { title } = await context.req.json();
  const request = idempotencyOf(context)?.id;
  // If a process dies after this and before its answer is kept, the next attempt finds the order.
  database
    .prepare("INSERT INTO orders (title, request) VALUES (?, ?) ON CONFLICT (request) DO NOTHING")
    .run(title, request);
  const order = database.prepare("SELECT number, title FROM orders WHERE request = ?").raw().get(request);
  return context.json(order, 201);
});

async function order(title: string, key?: string): Promise<void> {
  const headers = { "Content-Type": "application/json", ...(key === undefined ? {} : { "Idempotency-Key": key }) };
  const response = await app.request("/orders", { method: "POST", headers, body: JSON.stringify({ title }) });
  const isReplayed = response.headers.has("Idempotency-Replayed");
  console.log(response.status, isReplayed ? "again" : "first", (await response.text()).trim());
}

await order("Dune", '"8e03978e"');
await order("Dune", '"8e03978e"');
await order("Emma", '"8e03978e"');
await order("Emma");
