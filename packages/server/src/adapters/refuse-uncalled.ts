/**
 * Refuses what a framework makes of `app.use(cors)`: it calls `cors` itself with a request and something to go on with.
 * Whoever wrote that meant `app.use(cors(policy))` and is told so; silence would let the request hang.
 *
 * @param name of the function
 * @param given all its arguments
 * @param usage how it is used with the framework
 * @throws {TypeError} when they are not what an application calls it with
 */
export function refuseUncalled(name: string, given: readonly unknown[], usage: string): void {
  if (given.length <= 1 && typeof given[0] !== "function") return;
  throw new TypeError(`${name} makes a handler and is none itself: call it first, as in ${usage}`);
}
