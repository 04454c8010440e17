import { definePolicy } from "@corsac/server";
import { cors, crossOriginProtection } from "@corsac/server/koa";
import Koa from "koa";
import { visit } from "./visit.ts";

const policy = definePolicy({
  origins: ["https://shop.example"],
  credentials: true,
  methods: ["PUT"],
  requestHeaders: ["Content-Type"],
  maxAge: 600,
});

const app = new Koa();
app.use(cors(policy)).use(crossOriginProtection(policy)); // Before sessions, authentication and body parsers.
app.use((context) => {
  context.body = `${context.method} ${context.path}`;
});

await visit(app.callback()); // In an application: app.listen(3000).
