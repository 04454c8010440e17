import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import type { HeaderEdits } from "../../decision/decision.ts";
import { editAtFlush, editNow } from "./edit-at-flush.ts";
import type { NodeResponse } from "./node-response.ts";

const edits: HeaderEdits = {
  set: [
    ["access-control-allow-origin", "https://app.example"],
    ["access-control-allow-credentials", "true"],
  ],
  remove: ["access-control-max-age"],
  vary: ["Origin"],
};

/** A response of a runtime that keeps headers in its own way. */
class OtherResponse implements NodeResponse {
  statusCode = 200;
  headersSent = false;
  readonly headers = new Map<string, string>();
  readonly getHeader = (name: string) => this.headers.get(name);
  readonly getHeaderNames = () => [...this.headers.keys()];
  readonly hasHeader = (name: string) => this.headers.has(name);
  readonly removeHeader = (name: string) => void this.headers.delete(name);
  readonly setHeader = (name: string, value: string) => void this.headers.set(name, value);
  writeHead(status: number): void {
    this.statusCode = status;
    this.headersSent = true;
  }
  readonly end = () => this.writeHead(this.statusCode);
}

const nodeResponse = () => new ServerResponse(new IncomingMessage(new Socket()));
const kinds: [title: string, create: () => NodeResponse][] = [
  ["Node's own response", nodeResponse],
  ["a response of another kind", () => new OtherResponse()],
];

describe.each(kinds)("%s", (_, create) => {
  // Where Node keeps headers is found out at the first response.
  test.each([1, 2, 3])("has its headers edited, the %dth as the first", () => {
    const response = create();
    for (const name of ["x-a", "access-control-max-age", "access-control-allow-origin"]) response.setHeader(name, "1");
    response.setHeader("vary", "Accept");
    editNow(response, edits);
    const headers = response.getHeaderNames().map((name) => [name, response.getHeader(name)]);
    expect(Object.fromEntries(headers)).toEqual({
      "x-a": "1",
      "access-control-allow-origin": "https://app.example",
      "access-control-allow-credentials": "true",
      vary: "Accept, Origin",
    });
  });

  test("has its headers edited when nothing was set before", () => {
    const response = create();
    editNow(response, edits);
    expect(response.getHeaderNames().toSorted()).toEqual([
      "access-control-allow-credentials",
      "access-control-allow-origin",
      "vary",
    ]);
  });

  test("has the edits of all that decided about it, when its head is written", () => {
    const response = create();
    editAtFlush(response, edits);
    editAtFlush(response, { set: [], remove: [], vary: ["Sec-Fetch-Site"] });
    expect(response.getHeaderNames()).toEqual([]);
    response.writeHead(204);
    expect(response.statusCode).toBe(204);
    expect(response.getHeader("vary")).toBe("Sec-Fetch-Site, Origin");
    expect(response.getHeader("access-control-allow-origin")).toBe("https://app.example");
  });
});

test("a value that would split the response is refused as ever", () => {
  const response = nodeResponse();
  response.setHeader("x-a", "1");
  const split: HeaderEdits = {
    set: [["access-control-allow-origin", "https://a.example\r\nx: y"]],
    remove: [],
    vary: [],
  };
  editNow(response, edits);
  expect(() => editNow(response, split)).toThrow(expect.objectContaining({ code: "ERR_INVALID_CHAR" }));
});
