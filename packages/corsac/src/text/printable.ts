/**
 * Makes what came off the wire safe to print: nothing in it may move the cursor or pass for text of ours. UTF-8 is shown
 * as what it says, every other byte that is not printable ASCII by its number.
 *
 * @param isomorphic a string whose characters are bytes
 */
export function printable(isomorphic: string): string {
  if (/^[\x20-\x7e]*$/.test(isomorphic)) return isomorphic;
  const text = decodeUtf8(isomorphic);
  return text === null ? isomorphic.replace(/[^\x20-\x7e]/g, escaped) : printableText(text);
}

/** The same for text: letters, digits and signs of every script stay, what does not show is escaped. */
export function printableText(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) =>
    /[\p{L}\p{N}\p{P}\p{S}]/u.test(character) ? character : escaped(character),
  );
}

function decodeUtf8(isomorphic: string): string | null {
  if (/[^\0-\xff]/.test(isomorphic)) return null;
  try {
    const bytes = Uint8Array.from(isomorphic, (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}
