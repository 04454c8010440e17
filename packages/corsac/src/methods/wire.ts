import { setTimeout as sleep } from "node:timers/promises";
import { getHeader, type Header, type HeaderList } from "@corsac/protocol";
import { Agent } from "undici";
import type { StopReason } from "./methods-report.ts";
import type { MethodsPlan } from "./plan-methods.ts";

/** A request to send. */
export interface Call {
  readonly method: string;
  readonly url: string;
  /** Beside those that the plan sends always. */
  readonly headers?: HeaderList;
  readonly body?: string | null;
  /** Whether the headers of the plan, which may hold secrets, are left out. */
  readonly bare?: boolean;
}

/** A request and what came back. */
export interface Answer {
  readonly method: string;
  readonly url: string;
  readonly sentHeaders: HeaderList;
  /** 0 when no answer came. */
  readonly status: number;
  readonly headers: HeaderList;
  /** The content as text; of long content the beginning. */
  readonly text: string;
  readonly isCut: boolean;
  /** Why no answer came. */
  readonly failure: { readonly reason: string; readonly message: string } | null;
}

/** Thrown when no further request may be sent. */
export class Stopped extends Error {
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(reason);
    this.reason = reason;
  }
}

const longest = 1024 * 1024;
const cleanUpTimeout = 5000;
const failuresInARow = 5;

/** Sends requests one after the other, as many and as long as the plan allows. Follows no redirect, keeps no cookie. */
export class Wire {
  /** How many were sent. */
  requests = 0;
  /** Sees every answer. */
  observe: (answer: Answer) => void = () => {};
  /** Told before each request. */
  announce: (call: Call) => void = () => {};
  readonly #plan: MethodsPlan;
  readonly #agent: Agent;
  readonly #end: number;
  #silent = 0;

  constructor(plan: MethodsPlan) {
    this.#plan = plan;
    this.#end = performance.now() + plan.timeLimit;
    const { timeout } = plan;
    this.#agent = new Agent({ headersTimeout: timeout, bodyTimeout: timeout, connect: { timeout } });
  }

  /**
   * Sends a request within the limits of the plan.
   *
   * @throws {Stopped} when there are no more requests or no more time, or when the server asks for a long pause
   */
  async send(call: Call): Promise<Answer> {
    const { signal, budget, timeout } = this.#plan;
    if (isAborted(signal)) throw new Stopped("interrupted");
    if (this.requests >= budget) throw new Stopped("budget");
    const left = this.#end - performance.now();
    if (left <= 0) throw new Stopped("time-limit");
    this.announce(call);
    const limits = [AbortSignal.timeout(Math.ceil(Math.min(left, timeout))), ...(signal === null ? [] : [signal])];
    const answer = await this.#dispatch(call, AbortSignal.any(limits));
    if (answer.failure !== null && isAborted(signal)) throw new Stopped("interrupted");
    if (answer.failure !== null && performance.now() >= this.#end) throw new Stopped("time-limit");
    this.#silent = answer.failure === null ? 0 : this.#silent + 1;
    if (this.#silent >= failuresInARow) throw new Stopped("connection-lost");
    if (answer.status === 429) return this.#afterPause(call, answer);
    this.observe(answer);
    return answer;
  }

  /** Sends a request that removes what the run created: also after the limits are reached. */
  cleanUp(call: Call): Promise<Answer> {
    return this.#dispatch(call, AbortSignal.timeout(Math.min(cleanUpTimeout, this.#plan.timeout)));
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #afterPause(call: Call, { headers }: Answer): Promise<Answer> {
    const seconds = Number(getHeader(headers, "Retry-After") ?? "1");
    if (!(seconds <= 10)) throw new Stopped("rate-limited");
    await sleep(seconds * 1000, null, this.#plan.signal === null ? {} : { signal: this.#plan.signal }).catch(() => {});
    return this.send(call);
  }

  async #dispatch(
    { method, url, headers = [], body = null, bare = false }: Call,
    signal: AbortSignal,
  ): Promise<Answer> {
    this.requests++;
    const own: HeaderList = [
      ["Accept", "application/json, */*;q=0.5"],
      // Lengths can be compared only as long as nothing on the way compresses.
      ["Accept-Encoding", "identity"],
      ["User-Agent", "corsac-methods"],
    ];
    const sentHeaders = merged(own, bare ? [] : this.#plan.headers, headers);
    const sent = { method, url, sentHeaders };
    try {
      const response = await this.#agent.request({
        origin: new URL(url).origin,
        path: url.slice(new URL(url).origin.length),
        method: method as "GET",
        headers: sentHeaders.flat(),
        body,
        signal,
        responseHeaders: "raw",
      });
      const { text, isCut } = await read(response.body);
      const raw = response.headers as unknown as readonly (Buffer | string)[];
      return { ...sent, status: response.statusCode, headers: pairs(raw), text, isCut, failure: null };
    } catch (error) {
      return { ...sent, status: 0, headers: [], text: "", isCut: false, failure: failureOf(error) };
    }
  }
}

function isAborted(signal: AbortSignal | null): boolean {
  return signal?.aborted === true;
}

// Later ones replace earlier ones of the same name.
function merged(...lists: readonly HeaderList[]): Header[] {
  const byName = new Map<string, Header[]>();
  for (const list of lists) {
    const names = new Set(list.map(([name]) => name.toLowerCase()));
    for (const name of names) byName.set(name, list.filter((header) => header[0].toLowerCase() === name).map(copy));
  }
  return [...byName.values()].flat();
}

function copy([name, value]: readonly [string, string]): Header {
  return [name, value];
}

async function read(body: AsyncIterable<Buffer>): Promise<{ text: string; isCut: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > longest) return { text: Buffer.concat(chunks).toString(), isCut: true };
  }
  return { text: Buffer.concat(chunks).toString(), isCut: false };
}

function pairs(raw: readonly (Buffer | string)[]): Header[] {
  const headers: Header[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) headers.push([latin1(raw[at]), latin1(raw[at + 1])]);
  return headers;
}

function latin1(value: Buffer | string | undefined): string {
  return typeof value === "string" ? value : (value?.toString("latin1") ?? "");
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection-refused",
  ECONNRESET: "connection-closed",
  EPIPE: "connection-closed",
  UND_ERR_SOCKET: "connection-closed",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
};

function failureOf(error: unknown): { reason: string; message: string } {
  const { code: given, name, message } = error as Error & { code?: unknown };
  // A DOMException has a number there.
  const code = typeof given === "string" ? given : "";
  const known = reasons[code];
  if (known !== undefined) return { reason: known, message };
  if (name === "TimeoutError") return { reason: "timeout", message };
  if (code.startsWith("HPE_")) return { reason: "http-parse", message };
  if (/^(?:ERR_SSL|ERR_TLS|CERT_|DEPTH_|SELF_|UNABLE_)|_CERT|EPROTO/.test(code)) return { reason: "tls", message };
  return { reason: "other", message };
}
