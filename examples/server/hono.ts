import { definePolicy } from "@corsac/server";
import { cors, crossOriginProtection } from "@corsac/server/hono";
import { Hono } from "hono";
import { visit } from "./visit.ts";

const policy = definePolicy({
  origins: ["https://shop.example"],
  credentials: true,
  methods: ["PUT"],
  requestHeaders: ["Content-Type"],
  maxAge: 600,
});

const app = new Hono();
app.use(cors(policy), crossOriginProtection(policy)); // Before authentication and everything else.
app.put("/books/:title", async (context) => context.json(await context.req.json()));
app.post("/books/:title", (context) => context.text("Thank you"));

await visit(app);
