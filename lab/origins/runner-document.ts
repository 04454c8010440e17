import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { LabOrigins } from "../situation/origins.ts";
import { assetPath } from "./asset-path.ts";
import type { Listener } from "./http-origin.ts";

/**
 * Gives out the document of an origin that makes requests for the page of the lab: in a frame of it, or in a window that
 * it opened. It obeys messages of that origin and of no other, and runs scripts of servers alone whose answers nobody can
 * write into a link: the bench is none of them.
 */
export function runnerDocument({ lab: labOrigin, books, gateway, social, weather }: LabOrigins): Listener {
  const script = readFileSync(assetPath("origins/runner.js"), "utf8").replace(
    '"LAB_ORIGIN"',
    JSON.stringify(labOrigin),
  );
  const document = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Runner</title><body><script>${script}</script></body></html>`;
  const own = `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
  const policy = [
    `frame-ancestors ${labOrigin}`,
    `script-src ${[own, books, gateway, social, weather].join(" ")}`,
    "base-uri 'none'",
    "object-src 'none'",
  ].join("; ");
  return (_, response) => {
    response
      .writeHead(200, {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": policy,
      })
      .end(document);
  };
}
