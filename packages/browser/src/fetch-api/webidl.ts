import { inspect } from "node:util";

/**
 * Converts a JavaScript value to a `ByteString`: a string of which each character is one byte.
 *
 * @throws {TypeError} for a symbol and for a character above U+00FF
 * @see https://webidl.spec.whatwg.org/#es-ByteString
 */
export function toByteString(value: unknown): string {
  const string = toDomString(value);
  for (let i = 0; i < string.length; i++) {
    if (string.charCodeAt(i) > 0xff) throw new TypeError(`${JSON.stringify(string)} has a character above U+00FF`);
  }
  return string;
}

/**
 * Converts a JavaScript value to a `DOMString`. `String()` alone would accept symbols.
 *
 * @throws {TypeError} for a symbol
 * @see https://webidl.spec.whatwg.org/#es-DOMString
 */
export function toDomString(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "symbol") throw new TypeError("A symbol cannot be converted to a string");
  return String(value);
}

/**
 * Converts a JavaScript value to one of the strings of an enumeration.
 *
 * @throws {TypeError} for any other value
 * @see https://webidl.spec.whatwg.org/#es-enumeration
 */
export function toEnumeration<T extends string>(value: unknown, values: readonly T[], what: string): T {
  const string = toDomString(value);
  const found = values.find((candidate) => candidate === string);
  if (found === undefined) throw new TypeError(`${JSON.stringify(string)} is not a ${what}`);
  return found;
}

/**
 * Converts a JavaScript value to an `unsigned short`: modulo 65536, as WebIDL does without `[EnforceRange]`.
 *
 * @see https://webidl.spec.whatwg.org/#es-unsigned-short
 */
export function toUnsignedShort(value: unknown): number {
  const number = Math.trunc(Number(value));
  return Number.isFinite(number) ? ((number % 65_536) + 65_536) % 65_536 : 0;
}

/**
 * Converts a JavaScript value to a dictionary: `undefined` and `null` have no members.
 *
 * @throws {TypeError} for any other value that is not an object
 * @see https://webidl.spec.whatwg.org/#es-dictionary
 */
export function toDictionary(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" && typeof value !== "function") throw new TypeError(`${what} is not an object`);
  return value as Record<string, unknown>;
}

/**
 * Makes a class look like a WebIDL interface: its name as string tag, its members enumerable. `console.log` shows what
 * `show` returns.
 *
 * @see https://webidl.spec.whatwg.org/#interface-prototype-object
 */
export function defineInterface<T extends object>(
  name: string,
  interfaceClass: { readonly prototype: T },
  show?: (instance: T) => object,
): void {
  const { prototype } = interfaceClass;
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (key !== "constructor") Object.defineProperty(prototype, key, { ...descriptor, enumerable: true });
  }
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
  if (show === undefined) return;
  Object.defineProperty(prototype, inspect.custom, {
    value(this: T, _depth: number, options: object) {
      return `${name} ${inspect(show(this), options)}`;
    },
    configurable: true,
  });
}
