import { type HeaderEdits, mergeVary } from "@corsac/server";
import { ForwardingSink } from "../exchange/forwarding-sink.ts";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import { sendProblem } from "../exchange/problem-response.ts";
import type { ResponseHead, ResponseSink } from "../exchange/response-sink.ts";

/**
 * Puts a policy's header edits in the place of the upstream's own. Failures become responses here, so that a page may
 * read those of the gateway as well.
 */
export class EditedSink extends ForwardingSink {
  readonly #edits: HeaderEdits | null;
  readonly #request: GatewayRequest;
  #vary: readonly string[];
  #started = false;

  /** @param edits of the policy; null when CORS is the upstream's */
  constructor(next: ResponseSink, edits: HeaderEdits | null, request: GatewayRequest) {
    super(next);
    this.#edits = edits;
    this.#request = request;
    this.#vary = edits?.vary ?? [];
  }

  /** Adds names on which the response depends as well. */
  alsoVary(names: readonly string[]): void {
    if (names.length > 0) this.#vary = [...this.#vary, ...names];
  }

  override start(head: ResponseHead): void {
    this.#started = true;
    if (this.#edits !== null) replaceCorsFields(head.headers, this.#edits);
    varyBy(head.headers, this.#vary);
    this.next.start(head);
  }

  override fail(error: Error): void {
    const { method, notes } = this.#request;
    // Whoever observes sees the response, and not why it is one.
    if (notes !== undefined) notes.error ??= error instanceof GatewayError ? error.code : "gateway-failed";
    if (this.#started) this.next.fail(error);
    else sendProblem(this, method, error);
  }
}

/**
 * Puts the policy's word in the place of whatever the response says of CORS: two voices on one response are what
 * browsers refuse. A policy removes every field of CORS that it does not set.
 */
export function replaceCorsFields(fields: HeaderFields, { set, remove }: HeaderEdits): void {
  for (const name of remove) if (name in fields) delete fields[name];
  for (const header of set) fields[header[0]] = header[1];
}

/** Adds names to `Vary`. */
export function varyBy(fields: HeaderFields, names: readonly string[]): void {
  if (names.length > 0) fields.vary = mergeVary(fields.vary === undefined ? null : fieldValue(fields, "vary"), names);
}
