import { readFileSync } from "node:fs";
import { assetPath } from "./asset-path.ts";
import { answerText } from "./http-origin.ts";
import type { OriginApplication } from "./origin-front.ts";

/**
 * An origin that is one page.
 *
 * @param file from the folder of the lab
 * @param words what takes the place of which word in it
 */
export function createPageApplication(file: string, words: Readonly<Record<string, string>>): OriginApplication {
  let page = readFileSync(assetPath(file), "utf8");
  for (const [word, text] of Object.entries(words)) page = page.replaceAll(word, text);
  return (request, response) => {
    if (request.url !== "/") answerText(response, 404, "There is nothing here.");
    else if (request.method !== "GET" && request.method !== "HEAD")
      response.writeHead(405, { Allow: "GET, HEAD" }).end();
    else response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" }).end(page);
  };
}
