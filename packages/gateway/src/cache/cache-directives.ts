import { isToken } from "@corsac/protocol";
import { LRUCache } from "lru-cache";
import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";

/** Directives by their names in lower case, with their arguments without quotes; null stands for no argument. */
export type CacheDirectives = ReadonlyMap<string, string | null>;

/** Arithmetic with more than this stays right even where a peer counts in 32 bits. */
const maxDelta = 2_147_483_648;
const members = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;
const none: CacheDirectives = new Map();
/** Few values are in use at a time, and each of them often. */
const parsed = new LRUCache<string, CacheDirectives>({ max: 256 });

/**
 * Parses a `Cache-Control` value. Of a directive that is repeated the first counts. Whatever stands between a name and
 * its argument, such as a space before `=`, becomes part of the argument, so that the argument is an invalid one.
 *
 * @see https://httpwg.org/specs/rfc9111.html#field.cache-control
 */
export function parseCacheDirectives(value: string): CacheDirectives {
  const before = parsed.get(value);
  if (before !== undefined) return before;
  const directives = new Map<string, string | null>();
  parsed.set(value, directives);
  for (const [member] of value.matchAll(members)) {
    const text = member.trim();
    const end = text.search(/[\s="]|$/);
    const name = text.slice(0, end).toLowerCase();
    if (name === "" || directives.has(name)) continue;
    directives.set(name, end === text.length ? null : argumentOf(text.slice(end)));
  }
  return directives;
}

/** The directives of a message; empty without `Cache-Control`. */
export function cacheDirectivesOf(headers: HeaderFields): CacheDirectives {
  const value = fieldValue(headers, "cache-control");
  return value === null ? none : parseCacheDirectives(value);
}

/**
 * Returns the argument of a directive in seconds; null when there is no such directive, `invalid` when it has no number.
 *
 * @see https://httpwg.org/specs/rfc9111.html#delta-seconds
 */
export function deltaSeconds(directives: CacheDirectives, name: string): number | "invalid" | null {
  const argument = directives.get(name);
  if (argument === undefined) return null;
  return argument !== null && /^\d+$/.test(argument) ? Math.min(Number(argument), maxDelta) : "invalid";
}

/**
 * Returns the field names that a directive such as `no-cache="set-cookie"` is about, in lower case; null when it is
 * about the whole response, and empty when there is no such directive.
 *
 * @see https://httpwg.org/specs/rfc9111.html#cache-response-directive.no-cache
 */
export function namedFields(directives: CacheDirectives, name: string): readonly string[] | null {
  const argument = directives.get(name);
  if (argument === undefined) return [];
  const names = (argument ?? "").split(",").map((field) => field.trim().toLowerCase());
  return names.every(isToken) ? names : null;
}

function argumentOf(rest: string): string {
  if (!rest.startsWith("=")) return rest;
  const quoted = /^="((?:[^"\\]|\\.)*)"$/.exec(rest);
  return quoted === null ? rest.slice(1) : (quoted[1] ?? "").replaceAll(/\\(.)/g, "$1");
}
