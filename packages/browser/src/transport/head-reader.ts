import type { Duplex } from "node:stream";
import { parseResponseHead, type ResponseHead, ResponseHeadError } from "./response-head.ts";

/** Bytes of a head, as much as Chromium takes. */
const maxHeadSize = 256 * 1024;

/**
 * Stands between a socket and undici's parser and takes the heads of responses out of what is read. That parser
 * refuses heads that browsers accept and does not say what stood there; it gets a head reduced to the framing.
 */
export class HeadReader {
  /** The head of the response that is being received. */
  head: ResponseHead | null = null;
  #method: string | null = null;
  #mayUpgrade = false;
  #held: Buffer | null = null;

  constructor(socket: Duplex) {
    const read = socket.read;
    socket.read = (size?: number): Buffer | null => {
      const chunk: Buffer | null = read.call(socket, size);
      if (chunk === null || this.#method === null) return chunk;
      try {
        return this.#take(chunk, this.#method);
      } catch (error) {
        socket.destroy(error as Error);
        return null;
      }
    };
  }

  /** Says that a request is written next, so that a head comes; `mayUpgrade` if it asks for another protocol. */
  expect(method: string, mayUpgrade: boolean): void {
    this.#method = method;
    this.#mayUpgrade = mayUpgrade;
    this.#held = null;
    this.head = null;
  }

  /** Whether a part of a head has arrived and not the rest. */
  get isInsideHead(): boolean {
    return this.#held !== null && this.#held.length > 0;
  }

  #take(chunk: Buffer, method: string): Buffer | null {
    let bytes = this.#held === null ? chunk : Buffer.concat([this.#held, chunk]);
    for (;;) {
      bytes = skipEmptyLines(bytes);
      const end = endOfHead(bytes);
      if (end === null) {
        if (bytes.length > maxHeadSize) throw new ResponseHeadError(`a head of more than ${maxHeadSize / 1024} KiB`);
        this.#held = bytes;
        return null;
      }
      const head = parseResponseHead(bytes.toString("latin1", 0, end.text), method);
      if (head.status === 101) {
        if (!this.#mayUpgrade)
          throw new ResponseHeadError("101 in answer to a request that asked for no other protocol");
        this.#method = null;
        this.head = head;
        return bytes;
      }
      bytes = bytes.subarray(end.next);
      // An informational response comes before the real one.
      if (head.status < 200) continue;
      this.#method = null;
      this.#held = null;
      this.head = head;
      return Buffer.concat([Buffer.from(head.framing, "latin1"), bytes]);
    }
  }
}

function skipEmptyLines(bytes: Buffer): Buffer {
  let start = 0;
  while (bytes[start] === 0x0d || bytes[start] === 0x0a) start++;
  return start === 0 ? bytes : bytes.subarray(start);
}

/** Finds the empty line after the head: where the text before it ends, and where the body begins. */
function endOfHead(bytes: Buffer): { text: number; next: number } | null {
  for (let feed = bytes.indexOf(0x0a); feed !== -1; feed = bytes.indexOf(0x0a, feed + 1)) {
    const next = bytes[feed + 1] === 0x0d ? feed + 2 : feed + 1;
    if (bytes[next] === 0x0a) return { text: bytes[feed - 1] === 0x0d ? feed - 1 : feed, next: next + 1 };
  }
  return null;
}
