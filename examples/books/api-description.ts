import { longestText, years } from "./book.ts";
import { mostCopies } from "./order.ts";
import { pageBounds } from "./paging.ts";
import { mergePatch } from "./read-json.ts";

type Json = Readonly<Record<string, unknown>>;

const text = { type: "string", maxLength: longestText, pattern: "\\S" };
const title: Json = { ...text, description: "Its name: no two books have the same.", examples: ["Dune"] };
const author: Json = { ...text, examples: ["Frank Herbert"] };
const year: Json = {
  type: "integer",
  minimum: years.first,
  maximum: years.last,
  description: "Of the first publication; negative before our era.",
  examples: [1965],
};
const copies: Json = { type: "integer", minimum: 1, maximum: mostCopies, examples: [2] };

const schemas: Json = {
  Book: object({ title, author, year }, ["title", "author", "year"]),
  BookContent: object({ author, year }, ["author", "year"]),
  BookPatch: { ...object({ author, year }, []), description: "A JSON merge patch: what is left out stays." },
  Order: object(
    { id: { type: "string", format: "uuid" }, title, copies, placedAt: { type: "string", format: "date-time" } },
    ["id", "title", "copies", "placedAt"],
  ),
  OrderContent: object({ title: { ...title, description: "Of a book of the shop." }, copies }, ["title", "copies"]),
  Problem: {
    type: "object",
    description: "See RFC 9457.",
    properties: {
      type: { type: "string", format: "uri" },
      title: { type: "string" },
      status: { type: "integer" },
      detail: { type: "string" },
      errors: {
        type: "array",
        items: object({ pointer: { type: "string" }, parameter: { type: "string" }, detail: { type: "string" } }, [
          "detail",
        ]),
      },
    },
    required: ["type", "title", "status"],
  },
  Refusal: object({ code: { type: "string" }, message: { type: "string" }, hint: { type: "string" } }, [
    "code",
    "message",
    "hint",
  ]),
};

const headers: Json = {
  ETag: header("Of this state. Goes into If-Match and If-None-Match."),
  Link: header("Leads to the first, previous, next and last page."),
  Location: header("Where it is."),
  "Accept-Patch": header("What PATCH takes."),
};

const titleParameter = { name: "title", in: "path", required: true, schema: title };
const idParameter = { name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } };
const paging = Object.entries(pageBounds).map(([name, { first, last, otherwise }]) => ({
  name,
  in: "query",
  schema: { type: "integer", minimum: first, maximum: last, default: otherwise },
}));
const ifMatch = conditional("If-Match", "Only if the book is in this state; `*`: only if there is one.");
const ifNoneMatch = conditional("If-None-Match", "`*`: only if there is no such book.");
const ifChanged = conditional("If-None-Match", "Only if the state is another one.");
const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  required: true,
  description: "A text in double quotes that is new for each order, and the same when the order is sent again.",
  schema: { type: "string", examples: ['"8e03978e-40d5-43dd-bc93-6894a57f9324"'] },
};

const notModified = { description: "The state is the one that If-None-Match names.", headers: only("ETag") };
const noContent = { description: "It is done." };
const refused = content("A page of an origin that is not trusted makes this request.", "Refusal");
const noBook = problem("The shop has no book of this title.");
const noOrder = problem("There is no such order.");
const failedCondition = {
  ...problem("The book is in another state than the request is meant for."),
  headers: only("ETag"),
};
const malformed = problem("The body is no JSON.");
const otherType = problem("The body has another media type.");
const otherwise = { default: problem("Anything else that is wrong.") };

/**
 * The API in OpenAPI 3.1, as `/openapi.json` has it. `HEAD` and `OPTIONS` go without saying: each path has them.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export const apiDescription: Json = {
  openapi: "3.1.0",
  info: { title: "Books", version: "1.0.0", description: "A bookshop whose methods do what HTTP promises of them." },
  servers: [{ url: "/" }],
  paths: {
    "/books": {
      get: {
        summary: "Lists the books by title, page by page.",
        parameters: [...paging, ifChanged],
        responses: {
          200: list("Book"),
          304: notModified,
          400: problem("The query is none that the list has."),
          ...otherwise,
        },
      },
    },
    "/books/{title}": {
      parameters: [titleParameter],
      get: {
        summary: "Reads a book.",
        parameters: [ifChanged],
        responses: {
          200: content("The book.", "Book", only("ETag")),
          304: notModified,
          404: noBook,
          ...otherwise,
        },
      },
      put: {
        summary: "Creates a book, or replaces it.",
        parameters: [ifMatch, ifNoneMatch],
        requestBody: body("BookContent"),
        responses: {
          201: { description: "There was none, and now there is." },
          204: { description: "It is replaced." },
          400: malformed,
          403: refused,
          412: failedCondition,
          415: otherType,
          422: problem("The body is no book."),
          ...otherwise,
        },
      },
      patch: {
        summary: "Changes a book in part.",
        parameters: [ifMatch],
        requestBody: body("BookPatch", mergePatch),
        responses: {
          200: content("The book as it is now.", "Book", only("ETag")),
          400: malformed,
          403: refused,
          404: noBook,
          412: failedCondition,
          415: { ...otherType, headers: only("Accept-Patch") },
          422: problem("What comes of it is no book."),
          ...otherwise,
        },
      },
      delete: {
        summary: "Removes a book.",
        parameters: [ifMatch],
        responses: { 204: noContent, 403: refused, 404: noBook, 412: failedCondition, ...otherwise },
      },
    },
    "/orders": {
      get: {
        summary: "Lists the orders, the latest first, page by page.",
        parameters: [...paging, ifChanged],
        responses: {
          200: list("Order"),
          304: notModified,
          400: problem("The query is none that the list has."),
          ...otherwise,
        },
      },
      post: {
        summary: "Places an order. With the same key again, nothing is ordered again.",
        parameters: [idempotencyKey],
        requestBody: body("OrderContent"),
        responses: {
          201: content("The order.", "Order", only("Location")),
          400: problem("The key is missing or malformed, or the body is no JSON."),
          403: refused,
          409: problem("The first request with this key has no answer yet."),
          415: otherType,
          422: problem("The body is no order, or the key has been used for another one."),
          ...otherwise,
        },
      },
    },
    "/orders/{id}": {
      parameters: [idParameter],
      get: {
        summary: "Reads an order.",
        parameters: [ifChanged],
        responses: {
          200: content("The order.", "Order", only("ETag")),
          304: notModified,
          404: noOrder,
          ...otherwise,
        },
      },
      delete: {
        summary: "Cancels an order.",
        responses: { 204: noContent, 403: refused, 404: noOrder, ...otherwise },
      },
    },
    "/catalogue": {
      get: {
        summary: "Lists all books for pages of every origin, without credentials.",
        parameters: [ifChanged],
        responses: {
          200: {
            description: "The books.",
            headers: only("ETag"),
            content: { "application/json": { schema: { type: "array", items: reference("schemas/Book") } } },
          },
          304: notModified,
          ...otherwise,
        },
      },
    },
    "/library": {
      get: {
        summary: "The old address of the books.",
        deprecated: true,
        responses: { 301: { description: "They have moved.", headers: only("Location") } },
      },
    },
    "/openapi.json": {
      get: {
        summary: "Describes the API.",
        parameters: [ifChanged],
        responses: {
          200: {
            description: "This document.",
            headers: only("ETag"),
            content: { "application/json": { schema: { type: "object" } } },
          },
          304: notModified,
        },
      },
    },
  },
  components: { schemas, headers },
};

function object(properties: Json, required: readonly string[]): Json {
  return { type: "object", properties, required, additionalProperties: false };
}

function reference(place: string): Json {
  return { $ref: `#/components/${place}` };
}

function header(description: string): Json {
  return { description, schema: { type: "string" } };
}

function only(...names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, reference(`headers/${name}`)]));
}

function conditional(name: string, description: string): Json {
  return { name, in: "header", description, schema: { type: "string" } };
}

function body(schema: string, mediaType = "application/json"): Json {
  return { required: true, content: { [mediaType]: { schema: reference(`schemas/${schema}`) } } };
}

function content(description: string, schema: string, headers: Json = {}): Json {
  return { description, headers, content: { "application/json": { schema: reference(`schemas/${schema}`) } } };
}

function list(schema: string): Json {
  const page = { type: "array", items: reference(`schemas/${schema}`) };
  return { description: "A page.", headers: only("ETag", "Link"), content: { "application/json": { schema: page } } };
}

function problem(description: string): Json {
  return { description, content: { "application/problem+json": { schema: reference("schemas/Problem") } } };
}
