import { useEffect, useMemo, useState } from "react";
import { type AskBooks, type Asked, createBooksClient, type Told } from "./books-client.ts";

/** What the shop's page was told when it was given out. */
export interface ShopInfo {
  /** The origin of the books API. */
  readonly books: string;
  /** The origin of the lab's page. */
  readonly lab: string;
  /** The origin of the shop that the policy of the API names. */
  readonly home: string;
}

/** The shop as its parts use it. */
export interface Shop extends ShopInfo {
  readonly ask: AskBooks;
  /** The last requests of this page, newest first. */
  readonly receipt: readonly Told[];
}

const longestReceipt = 6;

/** Opens the shop. */
export function useShop(info: ShopInfo): Shop {
  const [receipt, setReceipt] = useState<readonly Told[]>([]);
  const ask = useMemo(
    () => createBooksClient(info.books, (told) => setReceipt((lines) => [told, ...lines].slice(0, longestReceipt))),
    [info.books],
  );
  return { ...info, ask, receipt };
}

/**
 * What the API says to a request, which is sent again when it is another one or `attempt` changes; `null` until there is
 * an answer.
 */
export function useTold(ask: AskBooks, asked: Asked, attempt = 0): Told | null {
  const [told, setTold] = useState<Told | null>(null);
  const text = JSON.stringify(asked);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks anew
  useEffect(() => {
    let isCurrent = true;
    void ask(JSON.parse(text) as Asked).then((answer) => {
      if (isCurrent) setTold(answer);
    });
    return () => {
      isCurrent = false;
    };
  }, [ask, text, attempt]);
  return told !== null && JSON.stringify(told.asked) === text ? told : null;
}
