import type { Header, HeaderList } from "@corsac/protocol";

/** The head of an HTTP/1 response: what a browser makes of its bytes. */
export interface ResponseHead {
  readonly status: number;
  /** The reason phrase, isomorphic-decoded. */
  readonly statusText: string;
  /** Every field line in order; a name may end in the blanks that stood before its colon. */
  readonly headers: HeaderList;
  /** The same head reduced to what delimits the body, for a strict parser. */
  readonly framing: string;
}

/** A head that no browser accepts. */
export class ResponseHeadError extends Error {
  override readonly name = "ResponseHeadError";
}

const statusLine = /^HTTP\/(\d+)\.(\d+)[ \t]+(\d{3})(?:[ \t]+(.*))?$/i;
const fieldName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+[ \t]*$/;
const aboutConnection = new Set(["connection", "keep-alive", "proxy-connection"]);

/**
 * Parses the head of a response as leniently as browsers do, where a strict parser would give up: control characters
 * in values, blanks before the colon, folded lines, lone line feeds, lines without a colon (skipped).
 * Throws a {@link ResponseHeadError} for what browsers refuse: NUL bytes, contradicting lengths, no status line.
 *
 * @param text the head without its final empty line, isomorphic-decoded
 * @param method of the request, since HEAD decides about the body
 * @see https://www.rfc-editor.org/rfc/rfc9112.html#name-message-parsing
 */
export function parseResponseHead(text: string, method: string): ResponseHead {
  const lines = text.split(/\r?\n/);
  const start = statusLine.exec(lines[0] as string);
  if (start === null) {
    throw new ResponseHeadError(`not an HTTP response: it begins with ${JSON.stringify(text.slice(0, 40))}`);
  }
  const status = Number(start[3]);
  if (status < 100) throw new ResponseHeadError(`${start[3]} is not a status`);
  if (text.includes("\0")) throw new ResponseHeadError("a NUL byte in the head of the response");
  const headers = fieldLines(lines);
  const http10 = start[1] === "1" && start[2] === "0";
  return { status, statusText: start[4] ?? "", headers, framing: framing(status, headers, method, http10) };
}

function fieldLines(lines: readonly string[]): HeaderList {
  const headers: Header[] = [];
  for (let index = 1; index < lines.length; index++) {
    // A carriage return inside a line delimits nothing; a value cannot contain it, so it reads as a blank.
    const line = (lines[index] as string).replaceAll("\r", " ");
    if (line.startsWith(" ") || line.startsWith("\t")) {
      const folded = headers.pop();
      if (folded !== undefined) headers.push([folded[0], trim(`${folded[1]} ${trim(line)}`)]);
      continue;
    }
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    if (colon > 0 && fieldName.test(name)) headers.push([name, trim(line.slice(colon + 1))]);
  }
  return headers;
}

/** Says how long the body is, and whether the connection stays, in words that leave nothing to interpret. */
function framing(status: number, headers: HeaderList, method: string, http10: boolean): string {
  let head = http10 ? "HTTP/1.0 200 \r\n" : "HTTP/1.1 200 \r\n";
  for (const [name, value] of headers) {
    if (aboutConnection.has(name.toLowerCase())) head += `${name}: ${value.replace(/[^ -~]/g, "")}\r\n`;
  }
  if (method === "HEAD" || status === 204 || status === 304) return `${head}Content-Length: 0\r\n\r\n`;
  if (!http10 && listValues(headers, "transfer-encoding").some((coding) => coding.toLowerCase() === "chunked")) {
    return `${head}Transfer-Encoding: chunked\r\n\r\n`;
  }
  const length = contentLength(headers);
  return length === null ? `${head}\r\n` : `${head}Content-Length: ${length}\r\n\r\n`;
}

function contentLength(headers: HeaderList): number | null {
  const lengths = new Set<number>();
  for (const value of listValues(headers, "content-length")) {
    if (/^\d{1,15}$/.test(value)) lengths.add(Number(value));
  }
  if (lengths.size > 1) throw new ResponseHeadError(`Content-Length says ${[...lengths].join(" and ")}`);
  return lengths.values().next().value ?? null;
}

function listValues(headers: HeaderList, name: string): string[] {
  return headers.flatMap((header) => (header[0].toLowerCase() === name ? header[1].split(",").map(trim) : []));
}

/** A loop, since a pattern for blanks at the end takes quadratic time on long runs of blanks inside a value. */
function trim(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value.charCodeAt(start))) start++;
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--;
  return value.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
