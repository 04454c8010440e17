import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSetCookie, type SetCookie } from "./parse-set-cookie.ts";

const now = Date.UTC(2026, 10, 22);
const day = 24 * 60 * 60 * 1000;

const plain: SetCookie = {
  name: "a",
  value: "1",
  domain: null,
  path: null,
  secure: false,
  httpOnly: false,
  partitioned: false,
  sameSite: "unset",
  expires: null,
};

const rows: readonly { readonly title: string; readonly line: string; readonly want: Partial<SetCookie> | string }[] = [
  { title: "name and value alone", line: "a=1", want: {} },
  { title: "white space around name and value is cut", line: " a\t=  1 ;", want: {} },
  {
    title: "the byte 0xA0 is no white space: it may end a UTF-8 letter",
    line: "a=voil\xc3\xa0",
    want: { value: "voil\xc3\xa0" },
  },
  { title: "quotes are part of the value", line: 'a="1"', want: { value: '"1"' } },
  { title: "an equals sign is part of the value", line: "a=b=c", want: { value: "b=c" } },
  {
    title: "a line without equals sign is a nameless cookie",
    line: "token; Secure",
    want: { name: "", value: "token", secure: true },
  },
  { title: "a line that begins with an equals sign, too", line: "=token", want: { name: "", value: "token" } },
  { title: "an empty value is a value", line: "a=", want: { value: "" } },
  { title: "neither name nor value is nothing", line: "=; Path=/", want: "syntax" },
  { title: "a control character spoils the line", line: "a=1\x01", want: "syntax" },
  { title: "a tab does not", line: "a=1\t2", want: { value: "1\t2" } },
  {
    title: "4096 bytes of name and value are allowed",
    line: `a=${"x".repeat(4095)}`,
    want: { value: "x".repeat(4095) },
  },
  { title: "4097 are not", line: `a=${"x".repeat(4096)}`, want: "too-large" },
  {
    title: "attribute names have no case",
    line: "a=1; secure; HTTPONLY; samesite=LAX",
    want: { secure: true, httpOnly: true, sameSite: "lax" },
  },
  { title: "the last SameSite counts", line: "a=1; SameSite=Strict; SameSite=None", want: { sameSite: "none" } },
  { title: "a quoted SameSite is unknown", line: 'a=1; SameSite="Strict"', want: {} },
  { title: "an unknown SameSite is none at all", line: "a=1; SameSite=Whatever", want: {} },
  {
    title: "a leading dot of Domain is cut, case too",
    line: "a=1; Domain=.Shop.Example",
    want: { domain: "shop.example" },
  },
  { title: "a Path that is not absolute is none", line: "a=1; Path=x", want: {} },
  { title: "Partitioned", line: "a=1; partitioned ; Secure", want: { partitioned: true, secure: true } },
  { title: "an attribute value over 1024 bytes is ignored", line: `a=1; Path=/${"x".repeat(1024)}`, want: {} },
  { title: "one of 1024 bytes is not", line: `a=1; Path=/${"x".repeat(1023)}`, want: { path: `/${"x".repeat(1023)}` } },
  {
    title: "Max-Age goes before Expires",
    line: "a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    want: { expires: now + 60_000 },
  },
  { title: "Max-Age of zero is the past", line: "a=1; Max-Age=0", want: { expires: 0 } },
  { title: "a negative Max-Age is the past", line: "a=1; Max-Age=-1", want: { expires: 0 } },
  { title: "a Max-Age that is no number is none", line: "a=1; Max-Age=soon", want: {} },
  { title: "Expires", line: "a=1; Expires=Mon, 23-Nov-26 00:00:00 GMT", want: { expires: now + day } },
  {
    title: "nothing lives longer than 400 days",
    line: "a=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT",
    want: { expires: now + 400 * day },
  },
  {
    title: "not even with a Max-Age beyond all numbers",
    line: `a=1; Max-Age=${"9".repeat(400)}`,
    want: { expires: now + 400 * day },
  },
];

describe("parseSetCookie", () => {
  test.each(rows)("$title", ({ line, want }) => {
    expect(parseSetCookie(line, now)).toEqual(typeof want === "string" ? want : { ...plain, ...want });
  });

  test("takes any bytes without throwing, and name and value out of them unchanged", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)) }),
        (line) => {
          const parsed = parseSetCookie(line, now);
          if (typeof parsed !== "string") expect(line).toContain(parsed.value);
        },
      ),
    );
  });
});
