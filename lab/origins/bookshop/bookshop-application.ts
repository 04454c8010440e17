import { existsSync, readFileSync } from "node:fs";
import type { LabOrigins } from "../../situation/origins.ts";
import { assetPath } from "../asset-path.ts";
import { answerText } from "../http-origin.ts";
import type { OriginApplication } from "../origin-front.ts";
import { createPageApplication } from "../page-application.ts";

/** What the build writes beside the page. */
const types: Readonly<Record<string, string>> = {
  "/bookshop.css": "text/css; charset=utf-8",
  "/bookshop.js": "text/javascript; charset=utf-8",
};

/**
 * The front end of the books API: a page and the script that was built for it.
 *
 * @param folder where the build has written it
 */
export function createBookshopApplication(
  { books, lab, bookshop }: LabOrigins,
  folder: string = assetPath("origins/bookshop/dist"),
): OriginApplication {
  const words = { BOOKS_ORIGIN: books, LAB_ORIGIN: lab, HOME_ORIGIN: bookshop };
  const page = createPageApplication("origins/bookshop/bookshop.html", words);
  return (request, response, side) => {
    const type = types[request.url ?? ""];
    if (type === undefined || request.method !== "GET") {
      page(request, response, side);
      return;
    }
    const file = folder + request.url;
    if (!existsSync(file)) answerText(response, 404, "The shop is not built: npm start does that.");
    else response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-cache" }).end(readFileSync(file));
  };
}
