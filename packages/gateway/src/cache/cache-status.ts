import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import type { Reuse } from "./reuse.ts";
import type { StorageRefusal } from "./storability.ts";

/** Why a request went to the upstream. @see https://www.rfc-editor.org/rfc/rfc9211#section-2.2 */
export type ForwardReason = "method" | "request" | "stale" | "uri-miss" | "vary-miss";

/** What became of a request that went to the upstream. */
export interface Forwarding {
  readonly reason: ForwardReason;
  /** The status of the upstream, when the client gets another one. */
  readonly status?: number;
  readonly stored?: boolean;
  /** Whether it was answered with what another request was about to get. */
  readonly collapsed?: boolean;
  /** Why it was not stored or, if it was, not answered from the store. */
  readonly detail?: StorageRefusal | Reuse | null;
}

/** Adds that the response comes from the cache, and for how many seconds more it is fresh. */
export function addHit(headers: HeaderFields, ttl: number, detail: Reuse): void {
  addMember(headers, `corsac; hit; ttl=${ttl}${detail === "fresh" ? "" : `; detail=${detail}`}`);
}

/**
 * Adds why the request was forwarded and what was done with the response.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9211
 */
export function addForwarding(headers: HeaderFields, forwarding: Forwarding): void {
  let member = `corsac; fwd=${forwarding.reason}`;
  if (forwarding.status !== undefined) member += `; fwd-status=${forwarding.status}`;
  if (forwarding.stored === true) member += "; stored";
  if (forwarding.collapsed === true) member += "; collapsed";
  if (forwarding.detail != null) member += `; detail=${forwarding.detail}`;
  addMember(headers, member);
}

/** The cache nearest to the origin is the first. */
function addMember(headers: HeaderFields, member: string): void {
  const before = fieldValue(headers, "cache-status");
  headers["cache-status"] = before === null ? member : `${before}, ${member}`;
}
