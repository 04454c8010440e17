import type { Destination } from "./request.ts";

/**
 * Reports whether what is fetched will run as a script.
 *
 * @see https://fetch.spec.whatwg.org/#request-destination-script-like
 */
export function isScriptLike(destination: Destination): boolean {
  return destination === "script" || destination === "worker";
}
