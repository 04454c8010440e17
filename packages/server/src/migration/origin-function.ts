import type { OriginResolver } from "../resolver/origin-resolver.ts";

/** A function of the application's. */
export type UnknownFunction = (...given: unknown[]) => unknown;

/** Reports whether the function is declared `async`. */
export function isAsyncFunction(given: UnknownFunction): boolean {
  return Object.prototype.toString.call(given) === "[object AsyncFunction]";
}

/** Makes a resolver of a function that takes an origin and a callback, or, if it may, returns a promise. */
export function resolverOfCallback(given: UnknownFunction, mayReturnPromise: boolean): OriginResolver {
  return (origin) =>
    new Promise<boolean>((resolve, reject) => {
      const settle = (error: unknown, answer: unknown) => (error ? reject(error) : resolve(isAllowed(answer, origin)));
      const returned = given(origin, settle);
      if (mayReturnPromise && returned instanceof Promise) {
        returned.then((answer) => settle(null, answer), reject);
      }
    });
}

/** Makes a resolver of a function that returns the origin to allow. */
export function resolverOfReturned(given: UnknownFunction): OriginResolver {
  return async (origin) => isAllowed(await given(origin), origin);
}

/** What the answer of such a function means for the origin it was asked about. */
function isAllowed(answer: unknown, origin: string): boolean {
  if (Array.isArray(answer)) return answer.some((entry) => isAllowed(entry, origin));
  if (answer instanceof RegExp) return new RegExp(answer.source, answer.flags.replace(/[gy]/g, "")).test(origin);
  return answer === true || answer === "*" || answer === origin;
}
