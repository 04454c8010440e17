import { resource } from "@corsac/server/hono";
import { entityTag } from "@corsac/server/resource";
import { type Context, Hono } from "hono";

const book = { title: "Dune", year: 1966, version: 1 };

const app = new Hono();
app.all(
  "/books/Dune",
  resource(
    {
      GET: (context: Context) => context.json({ title: book.title, year: book.year }),
      async PUT(context: Context) {
        book.year = (await context.req.json()).year;
        book.version += 1;
        return context.body(null, 204);
      },
    },
    { validators: () => ({ etag: entityTag(book.version) }), requireConditional: true },
  ),
);

async function show(method: string, headers: Record<string, string> = {}, body?: string): Promise<void> {
  const response = await app.request("/books/Dune", { method, headers, ...(body === undefined ? {} : { body }) });
  const told = ["allow", "etag", "content-length"].flatMap((name) => response.headers.get(name) ?? []);
  console.log(method, JSON.stringify(headers), "->", response.status, told.join(" | "));
}

await show("HEAD");
await show("OPTIONS");
await show("DELETE");
await show("BREW");
await show("GET", { "If-None-Match": '"1"' });
await show("PUT", {}, '{ "year": 1965 }');
await show("PUT", { "If-Match": '"1"' }, '{ "year": 1965 }');
await show("PUT", { "If-Match": '"1"' }, '{ "year": 1984 }');
