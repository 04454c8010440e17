import { isToken } from "../header/bytes.ts";

/** Reports whether `value` can be a method. @see https://fetch.spec.whatwg.org/#concept-method */
export function isMethod(value: string): boolean {
  return isToken(value);
}

/**
 * Upper-cases DELETE, GET, HEAD, OPTIONS, POST and PUT. All other methods are case-sensitive and stay as they are:
 * `patch` is not `PATCH`.
 *
 * @see https://fetch.spec.whatwg.org/#concept-method-normalize
 */
export function normalizeMethod(method: string): string {
  const upperCase = byteUppercase(method);
  switch (upperCase) {
    case "DELETE":
    case "GET":
    case "HEAD":
    case "OPTIONS":
    case "POST":
    case "PUT":
      return upperCase;
    default:
      return method;
  }
}

/**
 * Reports whether no script may use the method.
 *
 * @see https://fetch.spec.whatwg.org/#forbidden-method
 */
export function isForbiddenMethod(method: string): boolean {
  switch (byteUppercase(method)) {
    case "CONNECT":
    case "TRACE":
    case "TRACK":
      return true;
    default:
      return false;
  }
}

/**
 * Reports whether the method alone asks for no CORS preflight. Case-sensitive: methods are normalized before.
 *
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-method
 */
export function isCorsSafelistedMethod(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "POST";
}

const lowerCase = /[a-z]/g;

/** `toUpperCase` alone would turn other characters into letters, such as U+017F into S. */
function byteUppercase(value: string): string {
  return value.replace(lowerCase, (letter) => letter.toUpperCase());
}
