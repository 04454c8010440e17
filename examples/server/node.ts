import { createServer } from "node:http";
import { definePolicy } from "@corsac/server";
import { cors, crossOriginProtection } from "@corsac/server/node";
import { visit } from "./visit.ts";

const policy = definePolicy({
  origins: ["https://shop.example"],
  credentials: true,
  methods: ["PUT"],
  requestHeaders: ["Content-Type"],
  maxAge: 600,
});

const listener = cors(policy)(
  crossOriginProtection(policy)((request, response) => {
    response.end(`${request.method} ${request.url}\n`);
  }),
);

const server = createServer(listener); // In an application: server.listen(3000).
await visit(server);
