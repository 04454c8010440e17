/** A request of the shop to the books API. */
export interface Asked {
  readonly method: "DELETE" | "GET" | "POST" | "PUT";
  /** Path and query. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | null;
}

/** What this page could read of an answer. */
export interface Answer {
  readonly status: number;
  readonly etag: string | null;
  /** The `Link` header, which leads to other pages of a list. */
  readonly link: string;
  /** Whether the API gave the answer of an earlier request with the same key. */
  readonly isReplayed: boolean;
  /** Parsed JSON; `null` without. */
  readonly body: unknown;
}

/** What came of a request. */
export interface Told {
  readonly id: number;
  readonly asked: Asked;
  /** `null` when the browser gave the page a bare `TypeError`. */
  readonly answer: Answer | null;
}

/** Asks the books API. */
export type AskBooks = (asked: Asked) => Promise<Told>;

/**
 * Asks the books API from this page, with cookies, as its policy allows. Never rejects.
 *
 * @param api the API's origin
 * @param tell is told of each request when it is over
 */
export function createBooksClient(api: string, tell: (told: Told) => void): AskBooks {
  let count = 0;
  return async (asked) => {
    const id = count++;
    const told = { id, asked, answer: await answerTo(api, asked) };
    tell(told);
    return told;
  };
}

async function answerTo(api: string, { method, path, headers, body }: Asked): Promise<Answer | null> {
  try {
    const response = await fetch(api + path, {
      ...{ method, body, headers: headers.map(([name, value]) => [name, value]) },
      credentials: "include",
    });
    const text = await response.text();
    return {
      status: response.status,
      etag: response.headers.get("ETag"),
      link: response.headers.get("Link") ?? "",
      isReplayed: response.headers.has("Idempotency-Replayed"),
      body: text === "" ? null : JSON.parse(text),
    };
  } catch {
    return null;
  }
}
