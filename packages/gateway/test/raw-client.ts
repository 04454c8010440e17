import { connect } from "node:net";
import { fieldsOf } from "./raw-upstream.ts";

/** A response as it came over the wire. */
export interface RawResponse {
  readonly status: number;
  /** Names in lower case; several lines joined by a comma. */
  readonly fields: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How the server ended a connection; `client` if it did not. */
export type RawEnd = "end" | "reset" | "client";

/**
 * Sends bytes, and reads responses whose content has a length or is chunked.
 *
 * @param enough after how many responses the client leaves; without it the server has to end the connection
 */
export function exchangeRaw(
  url: URL,
  bytes: string | Buffer,
  enough: number = Number.POSITIVE_INFINITY,
): Promise<{ responses: RawResponse[]; rest: string; ended: RawEnd }> {
  return new Promise((resolve) => {
    let received = "";
    let ended: RawEnd = "client";
    const responses: RawResponse[] = [];
    const socket = connect(Number(url.port), url.hostname);
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      for (;;) {
        const parsed = parseResponse(received);
        if (parsed === null) break;
        received = received.slice(parsed.length);
        if (parsed.response.status >= 200) responses.push(parsed.response);
      }
      if (responses.length >= enough) socket.destroy();
    });
    socket.on("end", () => {
      ended = "end";
    });
    socket.on("error", () => {
      ended = "reset";
    });
    socket.on("close", () => resolve({ responses, rest: received, ended }));
    socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  });
}

function parseResponse(text: string): { length: number; response: RawResponse } | null {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const fields = fieldsOf(lines);
  const start = end + 4;
  let length = start + Number(fields["content-length"] ?? 0);
  if (fields["transfer-encoding"] === "chunked") {
    const last = /(?:^|\r\n)0\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(text.slice(start));
    if (last === null) return null;
    length = start + last.index + last[0].length;
  }
  if (text.length < length) return null;
  return { length, response: { status: Number(statusLine.split(" ")[1]), fields, body: text.slice(start, length) } };
}
