import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventStreamParser, type StreamedEvent } from "./event-stream-parser.ts";

function parse(chunks: readonly Uint8Array[], lastEventId?: string) {
  const events: StreamedEvent[] = [];
  const retries: number[] = [];
  const handler = { onEvent: (event: StreamedEvent) => events.push(event), onRetry: (ms: number) => retries.push(ms) };
  const parser = new EventStreamParser(handler, lastEventId);
  for (const chunk of chunks) parser.push(chunk);
  return { events, retries, lastEventId: parser.lastEventId };
}

const bytes = (text: string) => new TextEncoder().encode(text);
const message = (data: string, lastEventId = "") => ({ type: "message", data, lastEventId });

const rows: Array<{ title: string; stream: string; want: StreamedEvent[]; retries?: number[]; lastEventId?: string }> =
  [
    { title: "one line of data", stream: "data: x\n\n", want: [message("x")] },
    { title: "several lines are joined", stream: "data: x\ndata: y\n\n", want: [message("x\ny")] },
    {
      title: "only one blank after the colon is no part of it",
      stream: "data:x\n\ndata:  y\n\n",
      want: [message("x"), message(" y")],
    },
    { title: "empty data", stream: "data\n\ndata\ndata\n\ndata:", want: [message(""), message("\n")] },
    { title: "no data, no event", stream: "event: a\n\ndata: x\n\n", want: [message("x")] },
    {
      title: "a type",
      stream: "event: a\ndata: x\n\ndata: y\n\n",
      want: [{ ...message("x"), type: "a" }, message("y")],
    },
    { title: "comments and unknown fields", stream: ": hello\nfoo: bar\n:\ndata: x\n\n", want: [message("x")] },
    {
      title: "an id stays",
      stream: "id: 1\ndata: x\n\ndata: y\n\n",
      want: [message("x", "1"), message("y", "1")],
      lastEventId: "1",
    },
    { title: "an id without data counts", stream: "id: 1\n\n", want: [], lastEventId: "1" },
    { title: "an id that is cut off does not count", stream: "id: 1\ndata: x\n", want: [], lastEventId: "" },
    { title: "an id with NUL is passed over", stream: "id: 1\nid: 2\0\ndata: x\n\n", want: [message("x", "1")] },
    { title: "an empty id forgets", stream: "id: 1\nid\ndata: x\n\n", want: [message("x")] },
    { title: "retry takes digits only", stream: "retry: 10\nretry: 1e3\nretry: -1\nretry\n", want: [], retries: [10] },
    { title: "a byte order mark", stream: "\uFEFFdata: x\n\n", want: [message("x")] },
    { title: "a second byte order mark is data", stream: "\uFEFF\uFEFFdata: x\n\n", want: [] },
    { title: "field names are case-sensitive", stream: "Data: x\n\n", want: [] },
    {
      title: "all ends of lines",
      stream: "data: a\r\rdata: b\r\n\r\ndata: c\n\r\ndata: d\r\n\n",
      want: ["a", "b", "c", "d"].map((data) => message(data)),
    },
    { title: "non-ASCII", stream: "data: caf\u00e9 \u{1f600}\n\n", want: [message("caf\u00e9 \u{1f600}")] },
  ];

describe.each(rows)("$title", ({ stream, want, retries = [], lastEventId }) => {
  test("at once and byte by byte", () => {
    for (const chunks of [[bytes(stream)], Array.from(bytes(stream), (byte) => Uint8Array.of(byte))]) {
      const result = parse(chunks);
      expect(result.events).toEqual(want);
      expect(result.retries).toEqual(retries);
      if (lastEventId !== undefined) expect(result.lastEventId).toBe(lastEventId);
    }
  });
});

test("the id of the connection before stays", () => {
  expect(parse([bytes("data: x\n\n")], "7").events).toEqual([message("x", "7")]);
});

test("how the bytes are cut makes no difference", () => {
  const line = fc.constantFrom("data: a", "data", "event: b", "id: 1", ": c", "", "", "\u{1f600}", "data:\u00e9");
  const end = fc.constantFrom("\r", "\n", "\r\n");
  const stream = fc.array(fc.tuple(line, end)).map((lines) => bytes(lines.flat().join("")));
  fc.assert(
    fc.property(stream, fc.array(fc.nat({ max: 40 })), (whole, cuts) => {
      const places = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
      const chunks = places.slice(1).map((place, index) => whole.subarray(places[index], place));
      expect(parse(chunks)).toEqual(parse([whole]));
    }),
  );
});
