import { STATUS_CODES } from "node:http";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import type { CapturedContent } from "./captured-content.ts";
import type { ObservedExchange } from "./observe-stage.ts";
import { redactContent, redactFields, redactTarget } from "./redact.ts";

/** What compressed content may become, in bytes. */
const maxDecoded = 1024 * 1024;

const textType = /^text\/|[/+]json\b|[/+]xml\b|javascript|x-www-form-urlencoded|graphql|x-ndjson/i;

interface NameValue {
  readonly name: string;
  readonly value: string;
}

/**
 * An exchange as an entry of a HAR 1.2, secrets redacted: what `redact.ts` takes for one in header fields, cookies,
 * queries, and forms and JSON in contents. Content that is no text is left out.
 *
 * @see https://w3c.github.io/web-performance/specs/HAR/Overview.html
 */
export function harEntry(exchange: ObservedExchange): Readonly<Record<string, unknown>> {
  const { request, requestHeaders, responseHeaders, notes } = exchange;
  const url = `${request.scheme}://${request.authority || "localhost"}${redactTarget(request.target)}`;
  const wait = exchange.headTime ?? exchange.duration;
  const fields = redactFields(requestHeaders);
  const answered = redactFields(responseHeaders);
  const httpVersion = `HTTP/${request.httpVersion}`;
  const location = answered.find(({ name }) => name === "location")?.value ?? "";
  return {
    startedDateTime: new Date(exchange.startTime).toISOString(),
    time: exchange.duration,
    request: {
      method: request.method,
      url,
      httpVersion,
      cookies: cookiesOf(fields, "cookie"),
      headers: fields,
      queryString: parametersOf(url),
      headersSize: -1,
      bodySize: exchange.requestContent?.size ?? 0,
      ...postData(requestHeaders, exchange.requestContent),
    },
    response: {
      status: exchange.status ?? 0,
      statusText: STATUS_CODES[exchange.status ?? 0] ?? "",
      httpVersion,
      cookies: cookiesOf(answered, "set-cookie"),
      headers: answered,
      content: {
        size: exchange.size,
        mimeType: fieldValue(responseHeaders, "content-type") ?? "",
        ...contentText(responseHeaders, exchange.responseContent),
      },
      redirectURL: location,
      headersSize: -1,
      bodySize: exchange.size,
    },
    cache: {},
    timings: { send: 0, wait, receive: exchange.duration - wait },
    _id: exchange.id,
    _outcome: exchange.outcome,
    _route: notes.route ?? null,
    _error: notes.error ?? null,
  };
}

function postData(headers: HeaderFields, content: CapturedContent | null): object {
  if (content === null || content.size === 0) return {};
  const mimeType = fieldValue(headers, "content-type") ?? "";
  return { postData: { mimeType, text: "", ...contentText(headers, content) } };
}

/** The text of a content as far as it was kept, and what is missing. */
function contentText(headers: HeaderFields, content: CapturedContent | null): object {
  if (content === null || content.size === 0) return {};
  const type = fieldValue(headers, "content-type") ?? "";
  if (!textType.test(type)) return { comment: "not text, left out" };
  const decoded = decode(content, fieldValue(headers, "content-encoding"));
  if (decoded === null) return { comment: "compressed, left out" };
  const text = redactContent(type, decoded.toString("utf8"));
  return content.isComplete ? { text } : { text, comment: `the first ${decoded.byteLength} bytes` };
}

function decode(content: CapturedContent, coding: string | null): Buffer | null {
  if (coding === null || coding === "identity") return content.bytes;
  const options = { maxOutputLength: maxDecoded };
  try {
    switch (coding.toLowerCase()) {
      case "gzip":
      case "x-gzip":
        return gunzipSync(content.bytes, options);
      case "br":
        return brotliDecompressSync(content.bytes, options);
      case "deflate":
        return inflateSync(content.bytes, options);
      default:
        return null;
    }
  } catch {
    return null;
  }
}

/** Cookies by their names; the fields have no values any more. */
function cookiesOf(fields: readonly NameValue[], name: string): NameValue[] {
  return fields
    .filter((field) => field.name === name)
    .flatMap(({ value }) => (name === "cookie" ? value.split(";") : [value.replace(/;.*$/s, "")]))
    .map((pair) => {
      const [cookie = "", ...value] = pair.trim().split("=");
      return { name: cookie, value: value.join("=") };
    });
}

function parametersOf(url: string): NameValue[] {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? "";
  return [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }));
}
