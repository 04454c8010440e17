import fc from "fast-check";
import { expect, test } from "vitest";
import { parseResponseHead, ResponseHeadError } from "./response-head.ts";

const accepted: Array<{ title: string; lines: string[]; want: Array<[string, string]> }> = [
  { title: "control characters in a value", lines: ["A: x\x01\x0b\x0c\x7f"], want: [["A", "x\x01\x0b\x0c\x7f"]] },
  { title: "bytes above 127", lines: ["A: \x80\xff"], want: [["A", "\x80\xff"]] },
  { title: "blanks around a value are no part of it", lines: ["A: \t x y \t"], want: [["A", "x y"]] },
  {
    title: "an empty value",
    lines: ["A:", "B: "],
    want: [
      ["A", ""],
      ["B", ""],
    ],
  },
  { title: "a blank before the colon stays with the name", lines: ["A : x"], want: [["A ", "x"]] },
  { title: "a folded line continues the one before", lines: ["A: x", "  y", "\tz"], want: [["A", "x y z"]] },
  { title: "a folded line without one before is passed over", lines: [" y", "A: x"], want: [["A", "x"]] },
  { title: "a line without a colon is passed over", lines: ["nothing", "A: x"], want: [["A", "x"]] },
  {
    title: "a name that is no token is passed over",
    lines: ["a b: x", ": x", "(a): x", "\xe9: x", "A: x"],
    want: [["A", "x"]],
  },
  { title: "a lone carriage return is a blank", lines: ["A: x\ry"], want: [["A", "x y"]] },
  {
    title: "the same name twice is two lines",
    lines: ["A: 1", "a: 2"],
    want: [
      ["A", "1"],
      ["a", "2"],
    ],
  },
];
test.each(accepted)("$title", ({ lines, want }) => {
  for (const end of ["\r\n", "\n"]) {
    expect(parseResponseHead(["HTTP/1.1 200 OK", ...lines].join(end), "GET").headers).toEqual(want);
  }
});

const starts: Array<{ line: string; status: number | null; statusText?: string }> = [
  { line: "HTTP/1.1 200 OK", status: 200, statusText: "OK" },
  { line: "HTTP/1.1 200", status: 200, statusText: "" },
  { line: "HTTP/1.1 200 ", status: 200, statusText: "" },
  { line: "HTTP/1.0 404 Not  Found", status: 404, statusText: "Not  Found" },
  { line: "HTTP/1.1 999 caf\xe9", status: 999, statusText: "caf\xe9" },
  { line: "http/1.1 600 x", status: 600, statusText: "x" },
  { line: "HTTP/1.1 099 x", status: null },
  { line: "HTTP/1.1 20 x", status: null },
  { line: "HTTP/1.1 2000 x", status: null },
  { line: "HTTP/1.1", status: null },
  { line: "ICY 200 OK", status: null },
  { line: "", status: null },
];
test.each(starts)("status line %j", ({ line, status, statusText }) => {
  if (status === null) expect(() => parseResponseHead(line, "GET")).toThrow(ResponseHeadError);
  else expect(parseResponseHead(line, "GET")).toMatchObject({ status, statusText });
});

const framings: Array<{ title: string; method?: string; start?: string; lines: string[]; want: string | null }> = [
  { title: "nothing said: to the end of the connection", lines: [], want: "" },
  { title: "a length", lines: ["Content-Length: 7"], want: "Content-Length: 7" },
  { title: "the same length again", lines: ["Content-Length: 7, 07", "content-length: 7"], want: "Content-Length: 7" },
  { title: "two lengths", lines: ["Content-Length: 7", "Content-Length: 8"], want: null },
  { title: "no number is no length", lines: ["Content-Length: abc", "Content-Length: -1"], want: "" },
  { title: "chunks", lines: ["Transfer-Encoding: chunked"], want: "Transfer-Encoding: chunked" },
  {
    title: "chunks and two lengths",
    lines: ["Content-Length: 7, 8", "Transfer-Encoding: gzip, Chunked"],
    want: "Transfer-Encoding: chunked",
  },
  {
    title: "another transfer coding is passed over",
    lines: ["Transfer-Encoding: gzip", "Content-Length: 7"],
    want: "Content-Length: 7",
  },
  { title: "HTTP/1.0 knows no chunks", start: "HTTP/1.0 200 OK", lines: ["Transfer-Encoding: chunked"], want: "" },
  { title: "HEAD", method: "HEAD", lines: ["Content-Length: 7"], want: "Content-Length: 0" },
  { title: "204", start: "HTTP/1.1 204 x", lines: ["Transfer-Encoding: chunked"], want: "Content-Length: 0" },
  { title: "304", start: "HTTP/1.1 304 x", lines: ["Content-Length: 7"], want: "Content-Length: 0" },
  {
    title: "close",
    lines: ["Connection: close\x01", "Content-Length: 1"],
    want: "Connection: close\r\nContent-Length: 1",
  },
];
test.each(framings)("framing: $title", ({ method = "GET", start = "HTTP/1.1 200 OK", lines, want }) => {
  const parse = () => parseResponseHead([start, ...lines].join("\r\n"), method).framing;
  if (want === null) return expect(parse).toThrow(ResponseHeadError);
  const version = start.slice(0, 8);
  return expect(parse()).toBe(`${version} 200 \r\n${want === "" ? "" : `${want}\r\n`}\r\n`);
});

test("a NUL byte is refused", () => {
  expect(() => parseResponseHead("HTTP/1.1 200 OK\r\nA: \0", "GET")).toThrow(ResponseHeadError);
});

test("no bytes make it throw anything else, and a strict parser gets nothing to refuse", () => {
  const bytes = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });
  const line = fc.oneof(
    bytes,
    fc.constantFrom("Content-Length: 5", "Transfer-Encoding: chunked", "Connection: a\x02", " x"),
  );
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom("GET", "HEAD"), (lines, method) => {
      try {
        const { framing } = parseResponseHead(["HTTP/1.1 200 OK", ...lines].join("\r\n"), method);
        expect(framing).toMatch(/^HTTP\/1\.[01] 200 \r\n([A-Za-z-]+: [ -~]*\r\n)*\r\n$/);
      } catch (error) {
        expect(error).toBeInstanceOf(ResponseHeadError);
      }
    }),
  );
});
