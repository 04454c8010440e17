import type { CacheMode, CredentialsMode, RedirectMode, ReferrerPolicy, RequestMode } from "@corsac/protocol";
import { type BodyInit, toBodyInit } from "./extract-body.ts";
import { type HeaderPairs, type HeadersInit, toHeaderPairs } from "./headers.ts";
import { toByteString, toDictionary, toDomString, toEnumeration } from "./webidl.ts";

/** The second argument of `fetch` and `new Request`. @see https://fetch.spec.whatwg.org/#requestinit */
export interface RequestInit {
  body?: BodyInit | null | undefined;
  cache?: CacheMode | undefined;
  credentials?: CredentialsMode | undefined;
  duplex?: "half" | undefined;
  headers?: HeadersInit | undefined;
  integrity?: string | undefined;
  keepalive?: boolean | undefined;
  method?: string | undefined;
  mode?: Exclude<RequestMode, "navigate" | "websocket"> | undefined;
  priority?: "auto" | "high" | "low" | undefined;
  redirect?: RedirectMode | undefined;
  referrer?: string | undefined;
  referrerPolicy?: ReferrerPolicy | "" | undefined;
  signal?: AbortSignal | null | undefined;
  window?: null | undefined;
}

/** A {@link RequestInit} after conversion; a member that is missing is `undefined`. */
export interface ConvertedRequestInit {
  readonly body: BodyInit | null | undefined;
  readonly cache: CacheMode | undefined;
  readonly credentials: CredentialsMode | undefined;
  readonly duplex: "half" | undefined;
  readonly headers: HeaderPairs | undefined;
  readonly integrity: string | undefined;
  readonly keepalive: boolean | undefined;
  readonly method: string | undefined;
  readonly mode: Exclude<RequestMode, "websocket"> | undefined;
  readonly priority: "auto" | "high" | "low" | undefined;
  readonly redirect: RedirectMode | undefined;
  readonly referrer: string | undefined;
  readonly referrerPolicy: ReferrerPolicy | "" | undefined;
  readonly signal: AbortSignal | null | undefined;
  readonly window: unknown;
}

const cacheModes = ["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"] as const;
const credentialsModes = ["omit", "same-origin", "include"] as const;
const modes = ["navigate", "same-origin", "no-cors", "cors"] as const;
const redirectModes = ["follow", "error", "manual"] as const;
const priorities = ["high", "low", "auto"] as const;
const referrerPolicies = [
  "",
  "no-referrer",
  "no-referrer-when-downgrade",
  "same-origin",
  "origin",
  "strict-origin",
  "origin-when-cross-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
] as const;

/**
 * Converts a value to a `RequestInit`. Members are read once each, in the order that WebIDL prescribes.
 *
 * @throws {TypeError} if it is no object or a member has no valid value
 * @see https://webidl.spec.whatwg.org/#es-dictionary
 */
export function toRequestInit(value: unknown): ConvertedRequestInit {
  const init = toDictionary(value, "init");
  return {
    body: member(init.body, (body) => (body === null ? null : toBodyInit(body))),
    cache: member(init.cache, (cache) => toEnumeration(cache, cacheModes, "cache mode")),
    credentials: member(init.credentials, (mode) => toEnumeration(mode, credentialsModes, "credentials mode")),
    duplex: member(init.duplex, (duplex) => toEnumeration(duplex, ["half"], "duplex")),
    headers: member(init.headers, toHeaderPairs),
    integrity: member(init.integrity, toDomString),
    keepalive: member(init.keepalive, Boolean),
    method: member(init.method, toByteString),
    mode: member(init.mode, (mode) => toEnumeration(mode, modes, "mode")),
    priority: member(init.priority, (priority) => toEnumeration(priority, priorities, "priority")),
    redirect: member(init.redirect, (mode) => toEnumeration(mode, redirectModes, "redirect mode")),
    referrer: member(init.referrer, toDomString),
    referrerPolicy: member(init.referrerPolicy, (policy) => toEnumeration(policy, referrerPolicies, "referrer policy")),
    signal: member(init.signal, toAbortSignal),
    window: init.window,
  };
}

function member<T>(value: unknown, convert: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : convert(value);
}

function toAbortSignal(value: unknown): AbortSignal | null {
  if (value === null || value instanceof AbortSignal) return value;
  throw new TypeError("signal is not an AbortSignal");
}
