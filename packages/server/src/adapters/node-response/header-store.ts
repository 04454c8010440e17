import type { NodeResponse } from "./node-response.ts";

/** Where Node keeps the headers of a response: by lower-case name, the name as it was given, and the value. */
export type HeaderStore = Record<string, [name: string, value: unknown]>;

/** The property in which Node keeps them. Null when there is none that is known, undefined before anybody looked. */
let storeKey: symbol | null | undefined;

/**
 * Returns where Node keeps the headers of a response; null when there are none yet, or in a runtime that keeps them in
 * another way.
 *
 * A good part of the time that a policy takes goes into `setHeader` checking names and values which the policy made. So
 * headers are put where it would put them, if what it does with a header shows that place; else it is called. Why, and
 * how this fails safe: `docs/decisions/0002-header-store.md`.
 */
export function headerStoreOf(response: NodeResponse): HeaderStore | null {
  if (storeKey === null || storeKey === undefined) return null;
  return (response as unknown as Record<symbol, HeaderStore | null | undefined>)[storeKey] ?? null;
}

/** Looks, once in a process, where a header went that has been set. */
export function findHeaderStore(response: NodeResponse, name: string, value: string): void {
  if (storeKey !== undefined) return;
  const properties = response as unknown as Record<symbol, HeaderStore | null | undefined>;
  const found = Object.getOwnPropertySymbols(response).find((key) => {
    const store = properties[key];
    if (typeof store !== "object" || store === null) return false;
    const entry = store[name];
    if (!Array.isArray(entry) || entry.length !== 2 || entry[0] !== name || entry[1] !== value) return false;
    // What is put there must be what Node reads.
    const other = `${value}.`;
    store[name] = [name, other];
    const isRead = response.getHeader(name) === other;
    store[name] = entry;
    return isRead;
  });
  storeKey = found ?? null;
}
