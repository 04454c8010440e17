import { definePolicy } from "@corsac/server";
import { cors, crossOriginProtection } from "@corsac/server/express";
import express from "express";
import { visit } from "./visit.ts";

const policy = definePolicy({
  origins: ["https://shop.example"],
  credentials: true,
  methods: ["PUT"],
  requestHeaders: ["Content-Type"],
  maxAge: 600,
});

const app = express();
app.use(cors(policy), crossOriginProtection(policy)); // Before sessions, authentication and body parsers.
app.use(express.json(), express.urlencoded());
app.put("/books/:title", (request, response) => void response.json(request.body));
app.post("/books/:title", (_, response) => void response.send("Thank you"));

await visit(app); // In an application: app.listen(3000).
