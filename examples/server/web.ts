import { definePolicy } from "@corsac/server";
import { cors, crossOriginProtection } from "@corsac/server/web";
import { visit } from "./visit.ts";

const policy = definePolicy({
  origins: ["https://shop.example"],
  credentials: true,
  methods: ["PUT"],
  requestHeaders: ["Content-Type"],
  maxAge: 600,
});

async function answer(request: Request): Promise<Response> {
  return new Response(`${request.method} ${new URL(request.url).pathname}: ${await request.text()}`);
}

// What Bun and workers take; for Deno, Deno.serve(handler.fetch).
const handler = { fetch: cors(policy)(crossOriginProtection(policy)(answer)) };

await visit(handler);
