import { readFileSync } from "node:fs";
import { assetPath } from "./asset-path.ts";
import type { Listener } from "./http-origin.ts";

/**
 * Gives out the document of an origin that makes requests for the page of the lab: in a frame of it, or in a window that
 * it opened. It obeys messages of that origin and of no other.
 */
export function runnerDocument(labOrigin: string): Listener {
  const script = readFileSync(assetPath("origins/runner.js"), "utf8").replace(
    '"LAB_ORIGIN"',
    JSON.stringify(labOrigin),
  );
  const document = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Runner</title><body><script>${script}</script></body></html>`;
  return (_, response) => {
    response
      .writeHead(200, {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": `frame-ancestors ${labOrigin}; base-uri 'none'; object-src 'none'`,
      })
      .end(document);
  };
}
