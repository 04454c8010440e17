import { expect, test } from "vitest";
import { dataUrlResponse } from "./data-url.ts";

const text = "text/plain;charset=US-ASCII";

test.each<[title: string, url: string, mimeType: string, bytes: string]>([
  ["no type is US-ASCII text", "data:,hello", text, "hello"],
  ["a type", "data:text/html,<p>", "text/html", "<p>"],
  ["the first comma ends the type", "data:text/html,a,b", "text/html", "a,b"],
  ["parameters alone belong to text/plain", "data:;charset=utf-8,x", "text/plain;charset=utf-8", "x"],
  ["a type that does not parse is US-ASCII text", "data:nonsense,x", text, "x"],
  ["the type is serialized", "data: TEXT/HTML ;Charset=UTF-8,x", "text/html;charset=UTF-8", "x"],
  ["percent-encoded bytes are decoded", "data:,%00%ffA%41", text, "\0\u00ffAA"],
  ["what only looks percent-encoded stays", "data:,100%,%4,%zz%", text, "100%,%4,%zz%"],
  ["characters beyond ASCII are UTF-8", "data:,\u00e9", text, "\u00c3\u00a9"],
  ["a query belongs to the body", "data:,a?b", text, "a?b"],
  ["a fragment does not", "data:,a#b#c", text, "a"],
  ["an empty fragment does not either", "data:,a#", text, "a"],
  ["a comma in the fragment is none", "data:text/html,#,", "text/html", ""],
  ["an empty body", "data:,", text, ""],
  ["base64", "data:text/css;base64,YSB7fQ==", "text/css", "a {}"],
  ["base64 without padding", "data:;base64,YSB7fQ", text, "a {}"],
  ["base64 with whitespace", "data:;base64,Y%20S%0AB7 fQ", text, "a {}"],
  ["base64 whose characters are percent-encoded", "data:;base64,%59SB7fQ%3D%3D", text, "a {}"],
  ["base64 in any case, after spaces", "data:text/css;  BASE64,YSB7fQ==", "text/css", "a {}"],
  ["base64 keeps the parameters before it", "data:text/css;a=b;base64,YQ", "text/css;a=b", "a"],
  ["base64 that is not last is a parameter", "data:text/css;base64;a=b,YQ", "text/css;a=b", "YQ"],
  ["base64 needs its semicolon", "data:base64,YQ", text, "YQ"],
])("%s: %s", (_, url, mimeType, bytes) => {
  expect(dataUrlResponse(new URL(url))).toEqual({
    mimeType,
    bytes: Uint8Array.from(bytes, (char) => char.charCodeAt(0)),
  });
});

test.each([
  ["no comma", "data:text/html"],
  ["a comma in the fragment only", "data:text/html#,x"],
  ["base64 with a foreign character", "data:;base64,Y-Q"],
  ["base64 of an impossible length", "data:;base64,Y"],
  ["base64 with padding in the middle", "data:;base64,YQ==YQ=="],
])("%s: %s is none", (_, url) => expect(dataUrlResponse(new URL(url))).toBeNull());
