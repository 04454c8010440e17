import { afterAll, beforeAll, expect, test } from "vitest";
import { createNodeDoor, type NodeDoor } from "../src/client/node-door.ts";
import type { GatewayRequest } from "../src/exchange/gateway-request.ts";
import { exchangeRaw } from "./raw-client.ts";

/** What the handler was asked, in the order it was. */
let requests: { request: GatewayRequest; content: string }[] = [];
let door: NodeDoor;
let url: URL;

beforeAll(async () => {
  door = createNodeDoor(
    (request, sink) => {
      let content = "";
      const answer = () => {
        requests.push({ request, content });
        sink.start({ status: 200, statusText: "OK", headers: { "content-length": "2" } });
        sink.write(Buffer.from("ok"));
        sink.end(null);
      };
      if (request.body === null) return answer();
      request.body.on("data", (chunk: Buffer) => {
        content += chunk.toString("latin1");
      });
      request.body.on("end", answer);
    },
    (_request, socket) => socket.destroy(),
    { port: 0, address: "127.0.0.1", tls: null, headerBytes: 16 * 1024, requestTime: 5, lingerTime: 0.05 },
  );
  url = await door.listen();
});
afterAll(() => door.close(0));

/** A request and what may have been hidden behind it. */
function post(fields: string, content: string): string {
  return `POST /first HTTP/1.1\r\nHost: gateway.example\r\n${fields}\r\n${content}`;
}
const hidden = "GET /hidden HTTP/1.1\r\nHost: gateway.example\r\n\r\n";
const chunked = "Transfer-Encoding: chunked\r\n";
const get = (line: string, fields = "Host: gateway.example\r\n") => `${line}\r\n${fields}\r\n`;

const refused: [title: string, bytes: string, status: number, code: string][] = [
  [
    "Content-Length before Transfer-Encoding",
    post(`Content-Length: 4\r\n${chunked}`, `0\r\n\r\n${hidden}`),
    400,
    "request-invalid",
  ],
  [
    "Transfer-Encoding before Content-Length",
    post(`${chunked}Content-Length: 4\r\n`, `0\r\n\r\n${hidden}`),
    400,
    "request-invalid",
  ],
  ["two lengths", post("Content-Length: 3\r\nContent-Length: 0\r\n", `abc${hidden}`), 400, "request-invalid"],
  ["a list of lengths", post("Content-Length: 3, 3\r\n", `abc${hidden}`), 400, "request-invalid"],
  ["a length with a sign", post("Content-Length: +3\r\n", `abc${hidden}`), 400, "request-invalid"],
  ["a length too long to count", post("Content-Length: 9999999999999999999\r\n", hidden), 413, "request-too-large"],
  [
    "chunked which is not last",
    post("Transfer-Encoding: chunked, gzip\r\n", `0\r\n\r\n${hidden}`),
    400,
    "request-invalid",
  ],
  ["chunked twice", post(`${chunked}${chunked}`, `0\r\n\r\n${hidden}`), 400, "request-invalid"],
  [
    "chunked behind a vertical tab",
    post("Transfer-Encoding: \x0bchunked\r\n", `0\r\n\r\n${hidden}`),
    400,
    "request-invalid",
  ],
  [
    "a name before the colon with a space",
    post("Transfer-Encoding : chunked\r\n", `0\r\n\r\n${hidden}`),
    400,
    "request-invalid",
  ],
  [
    "another transfer coding",
    post("Transfer-Encoding: gzip, chunked\r\n", `0\r\n\r\n${hidden}`),
    501,
    "method-not-implemented",
  ],
  ["the coding identity", post("Transfer-Encoding: identity\r\n", hidden), 501, "method-not-implemented"],
  ["chunks in HTTP/1.0", `POST /first HTTP/1.0\r\n${chunked}\r\n0\r\n\r\n`, 400, "request-invalid"],
  ["a chunk size that is no number", post(chunked, `zz\r\nabc\r\n0\r\n\r\n${hidden}`), 400, "request-invalid"],
  [
    "a chunk size too long to count",
    post(chunked, `fffffffffffffffff\r\nabc\r\n0\r\n\r\n${hidden}`),
    400,
    "request-invalid",
  ],
  ["chunk lines that end with LF", post(chunked, `3\nabc\n0\n\n${hidden}`), 400, "request-invalid"],
  ["a chunk extension with LF inside", post(chunked, `3;a\nb\r\nabc\r\n0\r\n\r\n${hidden}`), 400, "request-invalid"],
  ["content longer than its chunk", post(chunked, `3\r\nabcd\r\n0\r\n\r\n${hidden}`), 400, "request-invalid"],
  ["a length among the trailers", post(chunked, `0\r\nContent-Length: 5\r\n\r\n${hidden}`), 400, "request-invalid"],
  ["lines that end with LF", "GET / HTTP/1.1\nHost: gateway.example\n\n", 400, "request-invalid"],
  ["one line that ends with LF", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400, "request-invalid"],
  ["CR in a value", get("GET / HTTP/1.1", "Host: a\r\nX: b\rc\r\n"), 400, "request-invalid"],
  ["NUL in a value", get("GET / HTTP/1.1", "Host: a\r\nX: b\0c\r\n"), 400, "request-invalid"],
  ["a folded line", get("GET / HTTP/1.1", "Host: a\r\nX: b\r\n c\r\n"), 400, "request-invalid"],
  ["a space before the first field", get("GET / HTTP/1.1", " X: b\r\nHost: a\r\n"), 400, "request-invalid"],
  ["no Host", get("GET / HTTP/1.1", ""), 400, "request-invalid"],
  ["two of Host", get("GET / HTTP/1.1", "Host: a\r\nHost: a\r\n"), 400, "request-invalid"],
  ["a Host that is none", get("GET / HTTP/1.1", "Host: a/b@c\r\n"), 400, "request-invalid"],
  ["a Host that no name has", get("GET / HTTP/1.1", "Host: a%2eb\r\n"), 400, "request-invalid"],
  ["user information in the target", get("GET http://a@b/ HTTP/1.1"), 400, "request-invalid"],
  ["another scheme in the target", get("GET ftp://b/ HTTP/1.1"), 400, "request-invalid"],
  ["a fragment in the target", get("GET /a#b HTTP/1.1"), 400, "request-invalid"],
  ["bytes above 127 in the target", get("GET /\xff HTTP/1.1"), 400, "request-invalid"],
  ["the asterisk without OPTIONS", get("GET * HTTP/1.1"), 400, "request-invalid"],
  ["HTTP/0.9", "GET /\r\n\r\n", 400, "request-invalid"],
  ["HTTP/2.0 in the form of HTTP/1", get("GET / HTTP/2.0"), 400, "request-invalid"],
  ["the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "request-invalid"],
  ["another expectation", post("Expect: more\r\nContent-Length: 3\r\n", "abc"), 400, "request-invalid"],
  ["CONNECT", get("CONNECT a:443 HTTP/1.1"), 501, "method-not-implemented"],
  ["a method that Node does not know", get("FOO / HTTP/1.1"), 501, "method-not-implemented"],
  ["a method in lower case", get("get / HTTP/1.1"), 501, "method-not-implemented"],
  [
    "header fields that are too long",
    get("GET / HTTP/1.1", `Host: a\r\nX: ${"x".repeat(17_000)}\r\n`),
    431,
    "request-headers-too-large",
  ],
];

test.each(refused)("refused, nothing behind it read: %s", async (_title, bytes, status, code) => {
  requests = [];
  const { responses, ended } = await exchangeRaw(url, bytes);
  expect(
    responses.map(({ status, fields, body }) => [
      status,
      fields["content-type"],
      fields.connection,
      JSON.parse(body).code,
    ]),
  ).toEqual([[status, "application/problem+json", "close", code]]);
  expect([ended, requests.length]).toEqual(["end", 0]);
});

const taken: [title: string, bytes: string, want: object][] = [
  ["origin form", get("GET /a?b HTTP/1.1"), { target: "/a?b", authority: "gateway.example" }],
  [
    "absolute form, in the place of Host",
    get("GET http://other.example:81/a?b HTTP/1.1"),
    { target: "/a?b", authority: "other.example:81" },
  ],
  [
    "absolute form without path",
    get("GET http://other.example?b HTTP/1.1"),
    { target: "/?b", authority: "other.example" },
  ],
  ["asterisk form", get("OPTIONS * HTTP/1.1"), { target: "*" }],
  [
    "asterisk form as a proxy is sent it",
    get("OPTIONS http://other.example HTTP/1.1"),
    { target: "*", authority: "other.example" },
  ],
  [
    "two slashes in front are a path",
    get("GET //evil.example/ HTTP/1.1"),
    { target: "//evil.example/", authority: "gateway.example" },
  ],
  ["HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", { authority: "", httpVersion: "1.0" }],
  [
    "hop-by-hop fields go, and those that Connection names, but for the length",
    post(
      "Connection: close, X-Hop, Content-Length, Keep-Alive\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nProxy-Authorization: x\r\nTE: gzip, trailers;q=0.5\r\nTrailer: x\r\nContent-Length: 03\r\n",
      "abc",
    ),
    { headers: { host: "gateway.example", te: "trailers", "content-length": "3" } },
  ],
  [
    "lines stay lines, Cookie becomes one, names are no members of an object",
    get(
      "GET / HTTP/1.1",
      "Host: a\r\nConnection: close\r\nX: 1\r\nX: 2\r\nX: 3\r\nCookie: a=1\r\ncookie: b=2\r\n__proto__: 1\r\n__proto__: 2\r\nconstructor: 3\r\n",
    ),
    {
      headers: Object.assign(
        Object.create(null),
        { host: "a", x: ["1", "2", "3"], cookie: "a=1; b=2", constructor: "3" },
        JSON.parse('{"__proto__":["1","2"]}'),
      ),
    },
  ],
  [
    "an upgrade that is not known is no upgrade",
    get("GET /a HTTP/1.1", "Host: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n"),
    { target: "/a", headers: { host: "a" } },
  ],
];

test.each(taken)("taken: %s", async (_title, bytes, want) => {
  requests = [];
  const { responses } = await exchangeRaw(url, bytes, 1);
  expect(responses.map(({ status }) => status)).toEqual([200]);
  expect(requests[0]?.request).toMatchObject(want);
  if ("headers" in want)
    expect(Object.entries(requests[0]?.request.headers ?? {}).sort()).toEqual(
      Object.entries(want.headers as object).sort(),
    );
});

test("more than a thousand short fields all arrive", async () => {
  requests = [];
  const fields = Array.from({ length: 1500 }, (_, index) => `${index.toString(36)}:1\r\n`).join("");
  await exchangeRaw(url, get("GET / HTTP/1.1", `${fields}Host: a\r\nAuthorization: b\r\n`), 1);
  expect(requests[0]?.request.headers).toMatchObject({ authorization: "b", host: "a", a: "1" });
});

test("a QUERY with content, by length and in chunks", async () => {
  requests = [];
  const fields = "Host: a\r\nContent-Type: text/plain\r\n";
  const bytes = `QUERY /1 HTTP/1.1\r\n${fields}Content-Length: 3\r\n\r\nabcQUERY /2 HTTP/1.1\r\n${fields}${chunked}\r\n2\r\nde\r\n1;x=y\r\nf\r\n0\r\nX: y\r\n\r\n`;
  await exchangeRaw(url, bytes, 2);
  expect(requests.map(({ request, content }) => [request.method, request.target, content])).toEqual([
    ["QUERY", "/1", "abc"],
    ["QUERY", "/2", "def"],
  ]);
});

test("requests sent ahead are answered in order, and none after that which ends the connection", async () => {
  requests = [];
  const fields = "Host: a\r\n";
  const bytes = `POST /1 HTTP/1.1\r\n${fields}Content-Length: 3\r\n\r\nabc${get("GET /2 HTTP/1.1")}GET /3 HTTP/1.1\r\n${fields}Connection: close\r\n\r\n${get("GET /4 HTTP/1.1")}`;
  const { responses, ended } = await exchangeRaw(url, bytes);
  expect([responses.length, ended]).toEqual([3, "end"]);
  expect(requests.map(({ request }) => request.target)).toEqual(["/1", "/2", "/3"]);
});

test("nonsense behind a request does not become the answer to it", async () => {
  const { responses } = await exchangeRaw(url, `${post("Content-Length: 3\r\n", "abc")}nonsense\r\n\r\n`);
  expect(responses.map(({ status }) => status)).toEqual([200]);
});
