import type { HeaderFields } from "../exchange/header-fields.ts";

/** What stands in the place of a secret. */
export const redactedText = "redacted";

/** Fields whose whole purpose is a secret, whatever it is called. */
const secretFields: ReadonlySet<string> = new Set([
  "authentication-info",
  "authorization",
  "cookie",
  "cookie2",
  "proxy-authentication-info",
  "proxy-authorization",
  "set-cookie",
  "set-cookie2",
]);

/** Words that name secrets, as whole parts of a name: `X-Api-Key`, `access_token`, `sessionId`. */
const secretWord =
  /(?:^|[-_.\s[])(?:access|api|app|auth|bearer|client|csrf|id|private|refresh|secret|security|service|session|subscription|user|xsrf)?[-_.]?(?:appid|apikey|auth|code|credentials?|jwt|keys?|nonce|otp|pass|passwd|password|pin|pwd|secret|session|sessionid|sid|sig|signature|tokens?)(?:$|[-_.\s\]])/;

/** Fields with such a word that tell nothing secret. */
const openFields: ReadonlySet<string> = new Set([
  "idempotency-key",
  "sec-websocket-key",
  "sec-websocket-accept",
  "public-key-pins",
  "surrogate-key",
  "x-cache-key",
]);

/** Reports whether a field by this name (in lower case) is likely to carry a secret. */
export function isSecretField(name: string): boolean {
  return secretFields.has(name) || (isSecretName(name) && !openFields.has(name));
}

/** Reports whether a parameter of a query or a form is likely to be a secret by its name. */
export function isSecretName(name: string): boolean {
  return secretWord.test(withHyphens(name));
}

/** A header field's value as it may be written down. Tells the scheme of `Authorization` and the names of cookies. */
export function redactField(name: string, value: string): string {
  if (!isSecretField(name)) return /^(?:referer|location|content-location)$/.test(name) ? redactTarget(value) : value;
  switch (name) {
    case "authorization":
    case "proxy-authorization":
      return /^[\w-]+(?= )/.test(value) ? value.replace(/ .*$/s, ` ${redactedText}`) : redactedText;
    case "cookie":
      return value.replace(/=[^;]*/g, `=${redactedText}`);
    case "set-cookie":
      return value.replace(/=[^;]*/, `=${redactedText}`);
    default:
      return redactedText;
  }
}

/** The fields of a message as lines that may be written down. */
export function redactFields(fields: HeaderFields): { readonly name: string; readonly value: string }[] {
  return Object.entries(fields).flatMap(([name, lines]) =>
    [lines].flat().map((line) => ({ name, value: redactField(name, line) })),
  );
}

/**
 * A request target or URL as it may be written down: without user name and password, and without the values of parameters
 * that are secrets by their names.
 */
export function redactTarget(target: string): string {
  const start = target.indexOf("?");
  const end = target.indexOf("#", Math.max(start, 0));
  const path = (start === -1 ? target : target.slice(0, start)).replace(/:\/\/?[^/@]*@/, `://${redactedText}@`);
  if (start === -1) return path;
  const query = target.slice(start + 1, end === -1 ? undefined : end);
  return `${path}?${redactQuery(query)}${end === -1 ? "" : target.slice(end)}`;
}

/** A query, or content of the same form, as it may be written down. */
export function redactQuery(query: string): string {
  const pairs = query.split("&").map((pair) => {
    const end = pair.indexOf("=");
    return end !== -1 && isSecretName(decoded(pair.slice(0, end))) ? `${pair.slice(0, end)}=${redactedText}` : pair;
  });
  return pairs.join("&");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** Members of JSON whose values are secrets: fewer than in queries, where a `key` or `code` is hardly anything else. */
const secretMember =
  /^(?:.*[-_.])?(?:pass(?:word|wd|phrase)?|pwd|secret|tokens?|api[-_]?key|private[-_]?key|authorization|credentials?|jwt|otp|session[-_]?id)$/;

/** A string of JSON, up to the end of the text if it has none, with its value if it is the name of a member. */
const jsonString = /"((?:[^"\\]|\\(?:.|$))*)(?:$|"(?:(\s*:\s*)(?:"(?:[^"\\]|\\(?:.|$))*(?:"|$)|[^\s,{}[\]"]+))?)/gs;

/** Content of a message, or its beginning, as it may be written down. Reads forms and JSON; other text stays as it is. */
export function redactContent(type: string, text: string): string {
  if (/x-www-form-urlencoded/i.test(type)) return redactQuery(text);
  if (!/[/+]json\b|x-ndjson/i.test(type)) return text;
  return text.replace(jsonString, (found, name: string, colon: string | undefined) =>
    colon !== undefined && secretMember.test(withHyphens(name)) ? `"${name}"${colon}"${redactedText}"` : found,
  );
}

/** `accessToken` as `access-token`. */
function withHyphens(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
}
