import { isHeaderName, isHeaderValue, isNullBodyStatus } from "@corsac/protocol";
import { connectionFields } from "../exchange/connection-fields.ts";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";
import { problemResponse } from "../exchange/problem-response.ts";
import type { ResponseHead, ResponseSink } from "../exchange/response-sink.ts";

/** How many interim responses one exchange may have; an upstream that sends more is not listened to. */
const interimLimit = 32;

/**
 * What the sinks of all doors have in common: the order of calls, the errors, and that the content is as long as the
 * head said. A response of another length would let the client take the next response for a part of this one.
 */
export abstract class DoorSink implements ResponseSink {
  readonly #isHead: boolean;
  #phase: "waiting" | "started" | "done" = "waiting";
  /** Whether content may follow the head. */
  #hasContent = false;
  /** By `Content-Length`; negative when unknown. */
  #expected = -1;
  #sent = 0;
  #interims = 0;
  #aborted = false;
  #abortListeners: (() => void)[] | null = null;

  constructor(method: string) {
    this.#isHead = method === "HEAD";
  }

  /** Whether the response is complete, or has been given up. */
  get done(): boolean {
    return this.#phase === "done";
  }

  /** Sends the head. Throws, before anything was sent, for one that cannot be sent. */
  protected abstract begin(head: ResponseHead, hasContent: boolean): void;
  /** Sends a piece; returns whether more may follow at once. `isLast`: by the declared length. */
  protected abstract push(chunk: Uint8Array, isLast: boolean): boolean;
  protected abstract finish(trailers: HeaderFields | null): void;
  /** Ends the response so that the client takes it for incomplete. */
  protected abstract cut(error: Error): void;
  protected abstract interim(status: number, headers: HeaderFields): void;
  abstract onDrain(listener: () => void): void;

  inform(status: number, headers: HeaderFields): void {
    if (this.#phase !== "waiting" || this.#interims === interimLimit) return;
    if (status < 102 || status > 199) return;
    this.#interims += 1;
    removeConnectionFields(headers);
    for (const name of Object.keys(headers)) if (!isSendable(name, headers[name])) return;
    this.interim(status, headers);
  }

  start(head: ResponseHead): void {
    if (this.#phase !== "waiting") return;
    const { status, headers } = head;
    removeConnectionFields(headers);
    if (status === 204 || status === 205) delete headers["content-length"];
    const expected = contentLength(headers);
    if (expected === null || status < 200 || status > 999) {
      this.#refuse(
        new GatewayError("upstream-response-invalid", "The upstream's response has an impossible length or status."),
      );
      return;
    }
    const hasContent = !this.#isHead && !isNullBodyStatus(status);
    try {
      this.begin(head, hasContent);
    } catch (cause) {
      this.#refuse(
        new GatewayError("upstream-response-invalid", "The upstream's response has invalid fields.", { cause }),
      );
      return;
    }
    this.#phase = "started";
    this.#hasContent = hasContent;
    this.#expected = expected;
  }

  write(chunk: Uint8Array): boolean {
    if (this.#phase !== "started") return false;
    if (!this.#hasContent || chunk.byteLength === 0) return true;
    this.#sent += chunk.byteLength;
    if (this.#expected >= 0 && this.#sent > this.#expected) {
      this.#refuse(new GatewayError("upstream-response-invalid", "The content is longer than Content-Length says."));
      return false;
    }
    return this.push(chunk, this.#sent === this.#expected);
  }

  end(trailers: HeaderFields | null): void {
    if (this.#phase !== "started") return;
    if (this.#hasContent && this.#expected >= 0 && this.#sent !== this.#expected) {
      this.fail(new GatewayError("upstream-cut-short", "The content is shorter than Content-Length says."));
      return;
    }
    this.#phase = "done";
    this.finish(trailers === null ? null : sendableTrailers(trailers));
  }

  fail(error: Error): void {
    if (this.#phase === "done") return;
    const isStarted = this.#phase === "started";
    this.#phase = "done";
    if (isStarted) {
      this.cut(error);
      return;
    }
    const { status, headers, body } = problemResponse(error);
    try {
      this.begin({ status, statusText: "", headers }, !this.#isHead);
      if (!this.#isHead) this.push(Buffer.from(body), true);
      this.finish(null);
    } catch {
      // The client left a moment ago, and the news is on its way.
      this.cut(error);
    }
  }

  onAbort(listener: () => void): void {
    if (this.#aborted) process.nextTick(listener);
    else if (this.#abortListeners === null) this.#abortListeners = [listener];
    else this.#abortListeners.push(listener);
  }

  /** To be called when the client is gone; nothing happens if the response was complete by then. */
  protected abandon(): void {
    if (this.#phase === "done") return;
    this.#phase = "done";
    // All content was sent, only the call of `end` is still to come: nobody has to stop anything.
    if (this.#hasContent && this.#sent === this.#expected) return;
    this.#stopSource();
  }

  /** Ends a response that cannot be sent, and whoever writes it: nothing would ever tell them to go on. */
  #refuse(error: GatewayError): void {
    this.fail(error);
    this.#stopSource();
  }

  #stopSource(): void {
    this.#aborted = true;
    const listeners = this.#abortListeners;
    this.#abortListeners = null;
    if (listeners !== null) for (const listener of listeners) listener();
  }
}

/**
 * Removes what concerns a connection: each door says itself how its connections go on. By name, since the engine finds a
 * constant one quickly, above all where it is absent, and a variable one slowly.
 */
function removeConnectionFields(headers: HeaderFields): void {
  if (headers.connection !== undefined) delete headers.connection;
  if (headers["keep-alive"] !== undefined) delete headers["keep-alive"];
  if (headers["proxy-connection"] !== undefined) delete headers["proxy-connection"];
  if (headers["transfer-encoding"] !== undefined) delete headers["transfer-encoding"];
  if (headers.upgrade !== undefined) delete headers.upgrade;
}

/** The declared length, -1 when there is none, null when it is not a number. */
function contentLength(headers: HeaderFields): number | null {
  const value = headers["content-length"];
  if (value === undefined) return -1;
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

/**
 * Leaves out the fields which a recipient acts on before the content: as trailers they would come too late, or be merged
 * into the head by somebody behind.
 *
 * @see https://httpwg.org/specs/rfc9110.html#trailers.limitations
 */
function sendableTrailers(trailers: HeaderFields): HeaderFields | null {
  const sendable: HeaderFields = Object.create(null);
  let isEmpty = true;
  for (const name of Object.keys(trailers)) {
    const value = trailers[name];
    if (value === undefined || notInTrailers.has(name) || !isSendable(name, value)) continue;
    sendable[name] = value;
    isEmpty = false;
  }
  return isEmpty ? null : sendable;
}

const notInTrailers: ReadonlySet<string> = new Set([
  ...connectionFields,
  "authorization",
  "cache-control",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "host",
  "location",
  "set-cookie",
  "te",
  "trailer",
  "vary",
  "www-authenticate",
]);

/** Reports whether a field has a name and lines that do not end early or become other fields. */
export function isSendable(name: string, value: string | string[] | undefined): boolean {
  if (value === undefined || !isHeaderName(name)) return false;
  return typeof value === "string" ? isHeaderValue(value) : value.every(isHeaderValue);
}
