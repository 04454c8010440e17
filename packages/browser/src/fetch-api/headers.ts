// biome-ignore-all lint/complexity/noArguments: WebIDL tells an argument that is missing from one that is undefined.
import {
  byteLowercase,
  containsHeader,
  getHeader,
  type Header,
  type HeaderList,
  headersWithout,
  isByteCaseInsensitiveMatch,
  isForbiddenRequestHeader,
  isForbiddenResponseHeaderName,
  isHeaderName,
  isHeaderValue,
  isNoCorsSafelistedRequestHeader,
  isNoCorsSafelistedRequestHeaderName,
  isPrivilegedNoCorsRequestHeaderName,
  normalizeHeaderValue,
  type RequestHeaderRules,
  sortAndCombine,
  standard,
  withHeader,
} from "@corsac/protocol";
import { defineInterface, toByteString } from "./webidl.ts";

/** What a {@link Headers} object lets its user change. @see https://fetch.spec.whatwg.org/#headers-guard */
export type HeadersGuard = "immutable" | "none" | "request" | "request-no-cors" | "response";

/** What a {@link Headers} object can be made of. @see https://fetch.spec.whatwg.org/#typedefdef-headersinit */
export type HeadersInit = Iterable<Iterable<string>> | Readonly<Record<string, string>>;

/** A {@link HeadersInit} after conversion: pairs, not yet checked for being headers. */
export type HeaderPairs = readonly Header[];

// What other files of this folder may do with the private parts of the class below, which sets these.

/**
 * Makes a `Headers` object with a guard; `pairs` are appended under that guard, `list` is taken as it is. `rules` say
 * what the guard of a no-cors request lets through.
 */
export let createHeaders: (
  list: HeaderList,
  guard: HeadersGuard,
  pairs?: HeaderPairs,
  rules?: RequestHeaderRules,
) => Headers;

/** Makes a `Headers` object that has the same headers under the same guard. */
export let cloneHeaders: (headers: Headers) => Headers;

/** The header list of a `Headers` object, in the order in which it was filled. */
export let headerListOf: (headers: Headers) => HeaderList;

/** Appends a header whatever the guard says. */
export let appendUnguarded: (headers: Headers, name: string, value: string) => void;

/**
 * The `Headers` class.
 *
 * @see https://fetch.spec.whatwg.org/#headers-class
 */
export class Headers {
  #list: HeaderList = [];
  #guard: HeadersGuard = "none";
  #rules: RequestHeaderRules = standard.requestHeaders;
  /** The value pairs to iterate over, until the list changes. */
  #pairs: HeaderList | null = null;

  constructor(init?: HeadersInit) {
    if (init !== undefined) this.#fill(toHeaderPairs(init));
  }

  append(name: string, value: string): void {
    requireArguments(arguments.length, 2, "append");
    this.#append(toByteString(name), toByteString(value));
  }

  delete(name: string): void {
    requireArguments(arguments.length, 1, "delete");
    const key = toByteString(name);
    if (!this.#validate(key, "")) return;
    const mayChange = isNoCorsSafelistedRequestHeaderName(key) || isPrivilegedNoCorsRequestHeaderName(key);
    if (this.#guard === "request-no-cors" && !mayChange) return;
    // A name that is not there must not have the privileged ones removed.
    if (containsHeader(this.#list, key)) this.#change(headersWithout(this.#list, key));
  }

  get(name: string): string | null {
    requireArguments(arguments.length, 1, "get");
    return getHeader(this.#list, toHeaderName(name));
  }

  /** The value of every `Set-Cookie` header: the one header whose values cannot be combined. */
  getSetCookie(): string[] {
    return this.#list.filter(([name]) => byteLowercase(name) === "set-cookie").map(([, value]) => value);
  }

  has(name: string): boolean {
    requireArguments(arguments.length, 1, "has");
    return containsHeader(this.#list, toHeaderName(name));
  }

  set(name: string, value: string): void {
    requireArguments(arguments.length, 2, "set");
    const key = toByteString(name);
    const normalized = normalizeHeaderValue(toByteString(value));
    if (!this.#validate(key, normalized)) return;
    if (this.#guard === "request-no-cors" && !isNoCorsSafelistedRequestHeader(key, normalized, this.#rules)) return;
    this.#change(withHeaderSet(this.#list, key, normalized));
  }

  forEach(callback: (value: string, name: string, headers: Headers) => void, thisArgument?: unknown): void {
    requireArguments(arguments.length, 1, "forEach");
    if (typeof callback !== "function") throw new TypeError("The argument of forEach is not a function");
    for (const [name, value] of this.entries()) callback.call(thisArgument, value, name, this);
  }

  keys(): IterableIterator<string> {
    return new HeadersIterator(
      () => this.#valuePairs(),
      ([name]) => name,
    );
  }

  values(): IterableIterator<string> {
    return new HeadersIterator(
      () => this.#valuePairs(),
      ([, value]) => value,
    );
  }

  entries(): IterableIterator<[string, string]> {
    return new HeadersIterator(
      () => this.#valuePairs(),
      ([name, value]): [string, string] => [name, value],
    );
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }

  #valuePairs(): HeaderList {
    this.#pairs ??= sortAndCombine(this.#list);
    return this.#pairs;
  }

  #change(list: HeaderList): void {
    this.#list =
      this.#guard === "request-no-cors" ? list.filter(([name]) => !isPrivilegedNoCorsRequestHeaderName(name)) : list;
    this.#pairs = null;
  }

  /** @see https://fetch.spec.whatwg.org/#headers-validate */
  #validate(name: string, value: string): boolean {
    if (!isHeaderName(name)) throw new TypeError(`${JSON.stringify(name)} is not a header name`);
    if (!isHeaderValue(value))
      throw new TypeError(`The value of the header ${name} has a character that no header may have`);
    if (this.#guard === "immutable") throw new TypeError("These headers are immutable");
    if (this.#guard === "request" && isForbiddenRequestHeader(name, value)) return false;
    return !(this.#guard === "response" && isForbiddenResponseHeaderName(name));
  }

  /** @see https://fetch.spec.whatwg.org/#concept-headers-append */
  #append(name: string, value: string): void {
    const normalized = normalizeHeaderValue(value);
    if (!this.#validate(name, normalized)) return;
    if (this.#guard === "request-no-cors") {
      const present = getHeader(this.#list, name);
      const combined = present === null ? normalized : `${present}, ${normalized}`;
      if (!isNoCorsSafelistedRequestHeader(name, combined, this.#rules)) return;
    }
    this.#change(withHeader(this.#list, name, normalized));
  }

  /** @see https://fetch.spec.whatwg.org/#concept-headers-fill */
  #fill(pairs: HeaderPairs): void {
    for (const [name, value] of pairs) this.#append(name, value);
  }

  static {
    createHeaders = (list, guard, pairs = [], rules = standard.requestHeaders) => {
      const headers = new Headers();
      headers.#list = list;
      headers.#guard = guard;
      headers.#rules = rules;
      headers.#fill(pairs);
      return headers;
    };
    cloneHeaders = (headers) => createHeaders(headers.#list, headers.#guard, [], headers.#rules);
    headerListOf = (headers) => headers.#list;
    appendUnguarded = (headers, name, value) => {
      headers.#list = withHeader(headers.#list, name, value);
      headers.#pairs = null;
    };
  }
}

defineInterface("Headers", Headers, (headers) => Object.fromEntries(headers));

const IteratorPrototype: object = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

/** Iterates over value pairs that may change meanwhile. @see https://webidl.spec.whatwg.org/#es-default-iterator-object */
class HeadersIterator<T> implements IterableIterator<T> {
  #index = 0;
  readonly #pairs: () => HeaderList;
  readonly #select: (pair: Header) => T;

  constructor(pairs: () => HeaderList, select: (pair: Header) => T) {
    this.#pairs = pairs;
    this.#select = select;
  }

  next(): IteratorResult<T> {
    const pair = this.#pairs()[this.#index];
    if (pair === undefined) return { value: undefined, done: true };
    this.#index++;
    return { value: this.#select(pair), done: false };
  }

  // Only for the compiler: the prototype set below already has it.
  declare [Symbol.iterator]: () => IterableIterator<T>;
}
Object.setPrototypeOf(HeadersIterator.prototype, IteratorPrototype);
defineInterface("Headers Iterator", HeadersIterator);

/**
 * Converts a value to pairs, as the union of a sequence and a record asks.
 *
 * @throws {TypeError} if it is neither, if an item is not a pair, or if a part is not a byte string
 * @see https://webidl.spec.whatwg.org/#es-union
 */
export function toHeaderPairs(init: unknown): HeaderPairs {
  if ((typeof init !== "object" || init === null) && typeof init !== "function") {
    throw new TypeError("Headers are neither an object nor a sequence of pairs");
  }
  const iterator: unknown = (init as Partial<Iterable<unknown>>)[Symbol.iterator];
  if (iterator === undefined || iterator === null) return recordPairs(init);
  if (typeof iterator !== "function") throw new TypeError("Headers have an iterator that is not a function");
  return Array.from(init as Iterable<unknown>, toPair);
}

function toPair(item: unknown): Header {
  if ((typeof item !== "object" || item === null) && typeof item !== "function") {
    throw new TypeError("A header is not a pair of name and value");
  }
  if (typeof (item as Partial<Iterable<unknown>>)[Symbol.iterator] !== "function") {
    throw new TypeError("A header is not a pair of name and value");
  }
  const [name, value, ...rest] = Array.from(item as Iterable<unknown>, toByteString);
  if (name === undefined || value === undefined || rest.length > 0) {
    throw new TypeError("A header is not a pair of name and value");
  }
  return [name, value];
}

/** @see https://webidl.spec.whatwg.org/#es-record */
function recordPairs(record: object): HeaderPairs {
  const pairs = new Map<string, string>();
  for (const key of Reflect.ownKeys(record)) {
    if (!Reflect.getOwnPropertyDescriptor(record, key)?.enumerable) continue;
    pairs.set(toByteString(key), toByteString(Reflect.get(record, key)));
  }
  return [...pairs];
}

/** @see https://fetch.spec.whatwg.org/#concept-header-list-set */
function withHeaderSet(list: HeaderList, name: string, value: string): HeaderList {
  const index = list.findIndex((header) => isByteCaseInsensitiveMatch(header[0], name));
  const first = list[index];
  if (first === undefined) return [...list, [name, value]];
  return [...list.slice(0, index), [first[0], value], ...headersWithout(list.slice(index + 1), name)];
}

function toHeaderName(value: unknown): string {
  const name = toByteString(value);
  if (!isHeaderName(name)) throw new TypeError(`${JSON.stringify(name)} is not a header name`);
  return name;
}

function requireArguments(given: number, needed: number, method: string): void {
  if (given < needed) throw new TypeError(`${method} needs ${needed} argument${needed > 1 ? "s" : ""}, got ${given}`);
}
