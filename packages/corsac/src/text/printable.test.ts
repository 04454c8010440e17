import { expect, test } from "vitest";
import { printable, printableText } from "./printable.ts";

test.each([
  ["plain ASCII stays", "text/html; charset=utf-8", "text/html; charset=utf-8"],
  ["an escape sequence cannot move the cursor", "\x1b[2Jgone", "\\x1b[2Jgone"],
  ["a line break cannot forge a line of ours", "a\r\nb", "a\\x0d\\x0ab"],
  ["UTF-8 reads as what it says", "caf\xc3\xa9", "café"],
  ["bytes that are no UTF-8 are shown by number", "caf\xe9", "caf\\xe9"],
  ["control characters within UTF-8 are shown too", "\xc2\x9b2J", "\\x9b2J"],
  ["a right-to-left override cannot turn the text around", "\xe2\x80\xaeexe.txt", "\\u{202e}exe.txt"],
])("%s", (_, wire, shown) => {
  expect(printable(wire)).toBe(shown);
});

test("browsers' own quotes stay in their messages", () => {
  expect(printableText("does not match ‘null’\u001b")).toBe("does not match ‘null’\\x1b");
});
