import { Browser, type Page } from "@corsac/browser";
import { type BooksApi, type BooksApiOptions, createBooksApi } from "./books-api.ts";
import { bookshopOrigin } from "./policy.ts";

/** The API on a port of its own, with a browser in front of it. */
export interface TestShop {
  readonly api: BooksApi;
  readonly url: string;
  readonly browser: Browser;
  /** A page of the bookshop. */
  readonly page: Page;
  close(): Promise<void>;
}

/** Starts the API and opens the bookshop in a browser. */
export async function openTestShop(options: BooksApiOptions = {}): Promise<TestShop> {
  const api = await createBooksApi(options);
  const url = await api.listen();
  const browser = new Browser();
  return {
    api,
    url,
    browser,
    page: browser.open(`${bookshopOrigin}/`),
    async close() {
      await browser.close();
      await api.close();
    },
  };
}

/** What a page sends to put content somewhere. */
export function json(value: unknown, headers: Readonly<Record<string, string>> = {}, type = "application/json") {
  return { headers: { "Content-Type": type, ...headers }, body: JSON.stringify(value) };
}
