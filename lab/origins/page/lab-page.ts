import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { profileOfUserAgent } from "../../run/lab-runs.ts";
import type { LabInfo } from "../../situation/lab-api.ts";
import { answerText } from "../http-origin.ts";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

const placeholder = "<!-- lab-info -->";

/**
 * Gives out the page of the lab as it was built.
 *
 * @param folder with `index.html` in it
 */
export function createLabPage(folder: string, info: Omit<LabInfo, "profile">) {
  const headers = {
    // No Referrer-Policy: in WebKit a window that a page opens takes it on, and its requests say `Origin: null`.
    "X-Content-Type-Options": "nosniff",
    // No Cross-Origin-Opener-Policy: with same-origin-allow-popups WebKit loses hold of the windows that ask.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": [
      "default-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      // The runner documents, of every origin of the lab; nothing else is shown inside.
      `frame-src ${Object.values(info.origins).join(" ")}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "object-src 'none'",
    ].join("; "),
  };
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { Allow: "GET, HEAD" }).end();
      return;
    }
    const { pathname } = new URL(request.url ?? "/", info.origins.lab);
    if (pathname === "/" || pathname === "/index.html") {
      const profile = profileOfUserAgent(request.headers["user-agent"] ?? "");
      response
        .writeHead(200, { ...headers, "Content-Type": types[".html"], "Cache-Control": "no-store" })
        .end(indexWith(join(folder, "index.html"), { ...info, profile }));
      return;
    }
    const type = types[extname(pathname)];
    // Names as the build writes them: no dots but before the ending, so that no path leads out of the folder.
    const file = /^(?:\/[\w-]+)*\/[\w.-]+$/.test(pathname) && !pathname.includes("..") ? join(folder, pathname) : null;
    if (file === null || type === undefined || !existsSync(file)) {
      answerText(response, 404, "There is no such file.");
      return;
    }
    // What is built has a hash in its name.
    const caching = pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    response.writeHead(200, { ...headers, "Content-Type": type, "Cache-Control": caching }).end(readFileSync(file));
  };
}

function indexWith(file: string, info: LabInfo): string {
  const page = existsSync(file)
    ? readFileSync(file, "utf8")
    : `<!doctype html><html lang="en"><title>The lab</title><p>The page is not built: npm start does that.</p>${placeholder}</html>`;
  // Nothing in it can end the element.
  const json = JSON.stringify(info).replaceAll("<", "\\u003c");
  return page.replace(placeholder, () => `<script type="application/json" id="lab-info">${json}</script>`);
}
