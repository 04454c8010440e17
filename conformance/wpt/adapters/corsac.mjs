// @corsac/browser: a page under the profile of the standard.
import fs from "node:fs";
import { createRequire } from "node:module";
import { Browser } from "@corsac/browser";
import { CA } from "../lib.mjs";

const { version: packageVersion } = createRequire(import.meta.url)("@corsac/browser/package.json");

export const version = () => `@corsac/browser ${packageVersion}, Node ${process.version}`;

export function createPage({ url, responseHeaders }) {
  const browser = new Browser({ profile: "standard", connect: { ca: fs.readFileSync(CA) } });
  const page = browser.open(url, { headers: responseHeaders });
  const { Request, Response, Headers } = page;
  return {
    globals: { fetch: page.fetch, Request, Response, Headers },
    cookie: { get: () => page.cookie, set: (line) => page.setCookie(line) },
  };
}
