import { createServer, type Server } from "node:http";
import { Shelf } from "./shelf.ts";

/** A shelf of the API: what it does differently, and which further routes it has. */
export interface ShelfPlan {
  readonly name: string;
  readonly routes?: readonly string[];
}

/** Makes an API of many shelves, each below `/<name>`, with its document at `/openapi.json`. */
export function createApi(plans: readonly ShelfPlan[], log: string[] = []): Server {
  const shelves = new Map(plans.map(({ name }) => [name, new Shelf(name)]));
  const document = JSON.stringify(openApi(plans));
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    log.push(request.method ?? "");
    if (pathname === "/openapi.json") {
      response.writeHead(200, { "Content-Type": "application/json" }).end(document);
      return;
    }
    const [, name = "", path = ""] = /^\/([^/]+)(\/.*)$/.exec(pathname) ?? [];
    const shelf = shelves.get(name);
    if (shelf === undefined) response.writeHead(404).end();
    else shelf.answer(request, response, path).catch(() => response.writeHead(400).end());
  });
}

function openApi(plans: readonly ShelfPlan[]): object {
  const paths = plans.flatMap(({ name, routes = [] }) => [
    [`/${name}/things`, collection(name)],
    [`/${name}/things/{name}`, { $ref: "#/components/pathItems/Thing" }],
    ...routes.map((route) => [`/${name}/${route}`, route === "settings" ? settings : readOnly]),
  ]);
  return {
    openapi: "3.1.0",
    info: { title: "Things", version: "1" },
    paths: Object.fromEntries(paths),
    components: {
      parameters: {
        Name: { name: "name", in: "path", required: true, schema: { type: "string" } },
        Key: { name: "Idempotency-Key", in: "header", required: true, schema: { type: "string" } },
      },
      pathItems: {
        Thing: {
          parameters: [{ $ref: "#/components/parameters/Name" }],
          get: ok,
          put: { requestBody: { $ref: "#/components/requestBodies/Thing" }, ...ok },
          patch: {
            requestBody: { content: { "application/merge-patch+json": { example: { pages: 300 } } } },
            ...ok,
          },
          delete: ok,
        },
      },
      requestBodies: {
        Thing: { content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } } },
      },
      schemas: {
        Thing: {
          type: "object",
          required: ["title", "pages"],
          properties: {
            title: { type: "string", examples: ["A Wizard of Earthsea"] },
            pages: { type: "integer", minimum: 1 },
            summary: { type: "string" },
          },
        },
      },
    },
  };
}

const ok = { responses: { "200": { description: "Done" } } };
const readOnly = { get: ok };
const settings = {
  get: ok,
  put: {
    requestBody: {
      content: { "application/json": { schema: { properties: { theme: { enum: ["dark", "light"] } } } } },
    },
    ...ok,
  },
};

function collection(name: string): object {
  return {
    get: ok,
    "x-query": { requestBody: { content: { "application/json": { example: { title: "Dune" } } } }, ...ok },
    post: {
      ...(name === "no-key" ? {} : { parameters: [{ $ref: "#/components/parameters/Key" }] }),
      requestBody: { $ref: "#/components/requestBodies/Thing" },
      responses: { "201": { description: "Created" } },
    },
  };
}
