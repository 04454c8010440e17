import { createRequire } from "node:module";

let library: typeof import("tough-cookie") | undefined;

/** The library, loaded when the first cookie is there: it brings the public suffix list along. */
export function toughCookie(): typeof import("tough-cookie") {
  library ??= createRequire(import.meta.url)("tough-cookie") as typeof import("tough-cookie");
  return library;
}
