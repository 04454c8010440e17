/** A string of Structured Fields without its quotes. */
const text = String.raw`(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*`;
/** No character can belong to two parts of it: clients choose the value, and going back would take exponential time. */
const parameter = String.raw`; *[a-z*][a-z0-9_.*-]*(?:=(?:"${text}"|[^\s";,]+))?`;
const item = new RegExp(`^ *"(${text})"(?:${parameter})* *$`);
const unquoted = /^[ \t]*([\w.~:+/=-]+)[ \t]*$/;

/** Longer keys are refused: a UUID has 36 characters. */
export const keyLimit = 255;

/**
 * Parses `Idempotency-Key`, which is a string of Structured Fields: `"8e03978e-40d5-43dd-bc93-6894a57f9324"`. Parameters
 * have no meaning. Null when it is none, or has no characters, or too many.
 *
 * @param allowsUnquoted also without quotes, as many clients send it
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header#section-2.1
 */
export function parseIdempotencyKey(value: string, allowsUnquoted: boolean): string | null {
  const quoted = item.exec(value)?.[1]?.replace(/\\(["\\])/g, "$1");
  const key = quoted ?? (allowsUnquoted ? unquoted.exec(value)?.[1] : undefined);
  return key === undefined || key.length === 0 || key.length > keyLimit ? null : key;
}
