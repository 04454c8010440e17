import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { check } from "corsac";

const api = createServer((_, response) => response.setHeader("Access-Control-Allow-Origin", "*").end("[]"));
await once(api.listen(0, "127.0.0.1"), "listening");

const report = await check({
  url: `http://localhost:${(api.address() as AddressInfo).port}/books`,
  origin: "http://localhost:3000",
  credentials: "include",
});
console.log(report.verdict);
console.log(report.findings.map(({ code }) => code));

api.close();
