import { resource } from "@corsac/server/hono";
import { asBookkeeping, guardSqlite } from "@corsac/server/safe-method";
import { type Context, Hono } from "hono";
import Database from "libsql";

const database = guardSqlite(new Database(":memory:"));
database.exec("CREATE TABLE books (title TEXT, sold INTEGER, views INTEGER)");
database.exec("INSERT INTO books VALUES ('Dune', 0, 0)");

const app = new Hono();
app.onError((error, context) => context.text(error.message, 500));
app.all(
  "/books/:title",
  resource({
    GET(context: Context) {
      // A counter is nothing that the client asks for.
      asBookkeeping(() => database.exec("UPDATE books SET views = views + 1"));
      return context.json(database.prepare("SELECT title, sold, views FROM books").raw().get());
    },
  }),
);
app.all(
  "/books/:title/buy",
  resource({
    GET(context: Context) {
      database.exec("UPDATE books SET sold = sold + 1");
      return context.text("sold");
    },
  }),
);

console.log(await (await app.request("/books/Dune/buy")).text());
console.log(await (await app.request("/books/Dune")).text());
