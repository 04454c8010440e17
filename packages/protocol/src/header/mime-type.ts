import { byteLowercase, isHttpWhitespace, isToken, skipBytes, trimBytes } from "./bytes.ts";
import { getDecodeAndSplit, type HeaderList } from "./header-list.ts";
import { collectHttpQuotedString } from "./quoted-string.ts";

/** A MIME type; type, subtype and parameter names are lower case. @see https://mimesniff.spec.whatwg.org/#mime-type */
export interface MimeType {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Parses a MIME type; `null` when there is none. What is wrong with a parameter drops that parameter only.
 *
 * @see https://mimesniff.spec.whatwg.org/#parse-a-mime-type
 */
export function parseMimeType(value: string): MimeType | null {
  const input = trimBytes(value, isHttpWhitespace);
  const slash = input.indexOf("/");
  if (slash === -1) return null;
  const type = input.slice(0, slash);
  const semicolon = indexOrEnd(input, ";", slash + 1);
  const subtype = trimBytes(input.slice(slash + 1, semicolon), isHttpWhitespace);
  // Whitespace before the subtype is not forgiven, whitespace after it is.
  if (!isToken(type) || !isToken(subtype) || isHttpWhitespace(input.charCodeAt(slash + 1))) return null;
  return {
    type: byteLowercase(type),
    subtype: byteLowercase(subtype),
    parameters: semicolon === input.length ? noParameters : parseParameters(input, semicolon),
  };
}

const noParameters: ReadonlyMap<string, string> = new Map();
const parameterNameEnd = /[;=]/g;
/** All of them HTTP quoted-string token code points. */
const quotedStringTokens = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Parses the parameters; `position` is that of the first semicolon. */
function parseParameters(input: string, position: number): Map<string, string> {
  const parameters = new Map<string, string>();
  let i = position;
  while (i < input.length) {
    const nameStart = skipBytes(input, i + 1, isHttpWhitespace);
    parameterNameEnd.lastIndex = nameStart;
    const nameEnd = parameterNameEnd.exec(input)?.index ?? input.length;
    const name = byteLowercase(input.slice(nameStart, nameEnd));
    i = nameEnd;
    if (input.charAt(i) !== "=") continue;
    i++;
    if (i >= input.length) break;
    let value: string;
    if (input.charAt(i) === '"') {
      const quoted = collectHttpQuotedString(input, i);
      value = quoted.value;
      i = indexOrEnd(input, ";", quoted.end);
    } else {
      const end = indexOrEnd(input, ";", i);
      value = trimTrailingWhitespace(input.slice(i, end));
      i = end;
      if (value === "") continue;
    }
    if (isToken(name) && quotedStringTokens.test(value) && !parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

function indexOrEnd(input: string, search: string, position: number): number {
  const index = input.indexOf(search, position);
  return index === -1 ? input.length : index;
}

function trimTrailingWhitespace(value: string): string {
  let end = value.length;
  while (end > 0 && isHttpWhitespace(value.charCodeAt(end - 1))) end--;
  return value.slice(0, end);
}

/** Returns type and subtype, such as `text/html`. @see https://mimesniff.spec.whatwg.org/#mime-type-essence */
export function mimeTypeEssence(mimeType: MimeType): string {
  return `${mimeType.type}/${mimeType.subtype}`;
}

/**
 * Returns the MIME type as a string, parameters quoted where they have to be.
 *
 * @see https://mimesniff.spec.whatwg.org/#serialize-a-mime-type
 */
export function serializeMimeType(mimeType: MimeType): string {
  let serialization = mimeTypeEssence(mimeType);
  for (const [name, value] of mimeType.parameters) {
    serialization += `;${name}=${isToken(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`}`;
  }
  return serialization;
}

/**
 * Returns the MIME type that the `Content-Type` headers give: the last one that parses, with the charset of an earlier
 * one of the same essence. `null` when none parses.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
 */
export function extractMimeType(headers: HeaderList): MimeType | null {
  let charset: string | null = null;
  let essence: string | null = null;
  let mimeType: MimeType | null = null;
  for (const value of getDecodeAndSplit(headers, "content-type") ?? []) {
    const parsed = parseMimeType(value);
    if (parsed === null || mimeTypeEssence(parsed) === "*/*") continue;
    mimeType = parsed;
    const ownCharset = parsed.parameters.get("charset");
    if (mimeTypeEssence(parsed) !== essence) {
      charset = ownCharset ?? null;
      essence = mimeTypeEssence(parsed);
    } else if (ownCharset === undefined && charset !== null) {
      mimeType = { ...parsed, parameters: new Map(parsed.parameters).set("charset", charset) };
    }
  }
  return mimeType;
}

const javaScriptEssences: ReadonlySet<string> = new Set([
  "application/ecmascript",
  "application/javascript",
  "application/x-ecmascript",
  "application/x-javascript",
  "text/ecmascript",
  "text/javascript",
  "text/javascript1.0",
  "text/javascript1.1",
  "text/javascript1.2",
  "text/javascript1.3",
  "text/javascript1.4",
  "text/javascript1.5",
  "text/jscript",
  "text/livescript",
  "text/x-ecmascript",
  "text/x-javascript",
]);

/** Reports whether a script of this type runs. @see https://mimesniff.spec.whatwg.org/#javascript-mime-type */
export function isJavaScriptMimeType(mimeType: MimeType): boolean {
  return javaScriptEssences.has(mimeTypeEssence(mimeType));
}
