import type { NodeResponse } from "./node-response.ts";

/** Where Node keeps the headers of a response: by lower-case name, the name as it was given, and the value. */
export type HeaderStore = Record<string, [name: string, value: unknown]>;

/** The property in which Node keeps them. Null when there is none that is known, undefined before anybody looked. */
let storeKey: symbol | null | undefined;

/**
 * Returns where Node keeps the headers of a response; null when there are none yet, or in a runtime that keeps them in
 * another way.
 *
 * Half of the time that a policy takes goes into `setHeader` checking names and values which the policy made. So headers
 * are put where it would put them, if what it does with a header shows that place.
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
    const entry = properties[key]?.[name];
    return Array.isArray(entry) && entry.length === 2 && entry[0] === name && entry[1] === value;
  });
  storeKey = found ?? null;
}
