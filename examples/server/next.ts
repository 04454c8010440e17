import { definePolicy } from "@corsac/server";
import { cors, crossOriginProtection } from "@corsac/server/next";
import { visit } from "./visit.ts";

const policy = definePolicy({
  origins: ["https://shop.example"],
  credentials: true,
  methods: ["PUT"],
  requestHeaders: ["Content-Type"],
  maxAge: 600,
});
const protect = crossOriginProtection(policy);

// app/books/[title]/route.ts exports these.
const { PUT, POST, OPTIONS } = cors(policy).routes({
  PUT: protect(async (request: Request) => Response.json(await request.json())),
  POST: protect(async (request: Request) => new Response(await request.text())),
});

// Stands for Next.js, which calls the export that is named like the method.
const route: Record<string, (request: Request) => Promise<Response>> = { PUT, POST, OPTIONS };
await visit((request: Request) => route[request.method]?.(request) ?? new Response(null, { status: 405 }));
