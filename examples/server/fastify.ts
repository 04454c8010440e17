import { definePolicy } from "@corsac/server";
import { cors, crossOriginProtection } from "@corsac/server/fastify";
import fastify from "fastify";
import { visit } from "./visit.ts";

const policy = definePolicy({
  origins: ["https://shop.example"],
  credentials: true,
  methods: ["PUT"],
  requestHeaders: ["Content-Type"],
  maxAge: 600,
});

const app = fastify();
app.register(cors(policy)).register(crossOriginProtection(policy)); // Before plugins that answer requests.
app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_, body, done) =>
  done(null, Object.fromEntries(new URLSearchParams(String(body)))),
);
app.put("/books/:title", (request) => request.body);
app.post("/books/:title", () => "Thank you");

await app.ready(); // In an application: await app.listen({ port: 3000 }).
await visit(app.server);
