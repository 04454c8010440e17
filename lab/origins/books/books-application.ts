import { type BooksApi, createBooksApi } from "@corsac/examples/books";
import { policyOptions } from "@corsac/examples/books/policy";
import { definePolicy, type Policy } from "@corsac/server";
import { answerText } from "../http-origin.ts";
import type { OriginApplication } from "../origin-front.ts";
import type { RunSide } from "../run-registry.ts";

/** The books API, and a copy of it for each side of a run. */
export interface BooksApplication {
  readonly application: OriginApplication;
  /** Forgets what visitors have changed. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The books API of the examples, with its own policy. Each side of a run gets one of its own, so that a book which
 * corsac has removed is still there for the visitor's browser.
 *
 * @param bookshop the origin that the policy names
 */
export async function createBooksApplication(bookshop: string): Promise<BooksApplication> {
  const policy = definePolicy({ ...policyOptions, origins: [bookshop] });
  let own = await createBooksApi({ policy });
  return {
    application: (request, response, side) => {
      const answering = side === null ? own : copyFor(side, policy);
      // A copy takes a few milliseconds to be made.
      void Promise.resolve(answering).then(
        ({ server }) => server.emit("request", request, response),
        () => answerText(response, 503, "The books API cannot be started."),
      );
    },
    async reset() {
      const old = own;
      own = await createBooksApi({ policy });
      await old.close();
    },
    close: () => own.close(),
  };
}

const copies = new WeakMap<RunSide, Promise<BooksApi>>();

function copyFor(side: RunSide, policy: Policy): Promise<BooksApi> {
  const found = copies.get(side);
  if (found !== undefined) return found;
  const made = createBooksApi({ policy });
  copies.set(side, made);
  side.run.resources.set(`books ${side.name}`, { close: async () => (await made).close() });
  return made;
}
