import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { check } from "./check.ts";

const origin = "http://localhost:3000";
const received: string[] = [];

/** Refuses a preflight as a whole, without a word about the reason, as careful servers do. */
function answer({ method, headers }: IncomingMessage, response: ServerResponse): void {
  const asked = headers["access-control-request-headers"]?.split(",") ?? [];
  const wanted = headers["access-control-request-method"] ?? "";
  received.push(`${method} ${wanted} ${asked.join(",")}`.trim());
  const isGranted =
    headers.origin === origin &&
    ["POST", "GET", "PUT"].includes(wanted) &&
    asked.every((name) => name === "content-type");
  if (!isGranted) return void response.writeHead(403).end();
  response.setHeader("Access-Control-Allow-Origin", origin);
  response.setHeader("Access-Control-Allow-Methods", wanted);
  response.setHeader("Access-Control-Allow-Headers", asked.join(", "));
  response.writeHead(204).end();
}

const server = createServer(answer);
let url = "";

beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  url = `http://localhost:${(server.address() as AddressInfo).port}/books`;
});
afterAll(() => server.close());

const json = ["Content-Type", "application/json"] as const;

test.each([
  {
    title: "a header",
    options: { method: "PUT", headers: [json, ["X-Request-Id", "7"]] },
    cause: "grants the origin and PUT and refuses X-Request-Id.",
    change: "Add X-Request-Id to the request headers that the server's CORS settings allow.",
  },
  {
    title: "the method",
    options: { method: "DELETE", headers: [json] },
    cause: "grants the origin and refuses DELETE.",
    change: "Add DELETE to the methods that the server's CORS settings allow.",
  },
  {
    title: "both",
    options: {
      method: "DELETE",
      headers: [
        ["X-A", "1"],
        ["X-B", "2"],
      ],
    },
    cause: "grants the origin and refuses DELETE, X-A and X-B.",
    change: "Add DELETE to the methods and X-A and X-B to the request headers that the server's CORS settings allow.",
  },
  {
    title: "the origin",
    options: { method: "PUT", origin: "http://localhost:5173" },
    cause: "Asked for nothing but the origin http://localhost:5173, it refuses too.",
    change: "Add http://localhost:5173 to the origins that the server allows",
  },
] as const)("a preflight that is refused as a whole is asked in parts: $title", async ({ options, cause, change }) => {
  received.length = 0;
  const { headers = [], ...rest } = { origin, ...options } as {
    headers?: readonly (readonly [string, string])[];
    method: string;
    origin: string;
  };
  const report = await check({
    url,
    ...rest,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  });
  const [finding] = report.findings;
  expect(finding?.code).toBe("preflight-status-not-ok");
  expect(finding?.cause).toContain(cause);
  expect(finding?.changes.map(({ text }) => text).join("\n")).toContain(change);
  expect(received.every((line) => line.startsWith("OPTIONS "))).toBe(true);
});

test("nothing more is asked with probe off", async () => {
  received.length = 0;
  await check({ url, origin, method: "DELETE", probe: false });
  expect(received).toEqual(["OPTIONS DELETE"]);
});
