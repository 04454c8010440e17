import { Duplex } from "node:stream";

/** One end of a connection inside this process: what is written to it is read at the other end, with back-pressure. */
export class MemorySocket extends Duplex {
  /** Whether `req.socket.encrypted` tells a server that the client came over TLS. */
  readonly encrypted: boolean;
  readonly remoteAddress = "127.0.0.1";
  readonly remoteFamily = "IPv4";
  #peer: MemorySocket | null = null;
  #taken: (() => void) | null = null;

  private constructor(encrypted: boolean, allowHalfOpen: boolean) {
    super({ allowHalfOpen });
    this.encrypted = encrypted;
  }

  /** Makes both ends. If one is destroyed, so is the other; half open they stay as sockets of `node:http` do. */
  static pair(encrypted: boolean): [client: MemorySocket, server: MemorySocket] {
    const client = new MemorySocket(encrypted, false);
    const server = new MemorySocket(encrypted, true);
    client.#peer = server;
    server.#peer = client;
    return [client, server];
  }

  // Servers set time limits and socket options; here is nothing to limit.
  setTimeout(): this {
    return this;
  }

  override _read(): void {
    const taken = this.#taken;
    this.#taken = null;
    taken?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // The writer keeps its buffer, so that the reader needs one of its own.
    this.#give(Buffer.from(chunk), done);
  }

  // What is written together is read together, as it would be in one packet.
  override _writev(parts: Array<{ chunk: Buffer }>, done: () => void): void {
    this.#give(Buffer.concat(parts.map(({ chunk }) => chunk)), done);
  }

  #give(bytes: Buffer, done: () => void): void {
    const peer = this.#peer as MemorySocket;
    // Never at once: who writes is not ready for the answer before the write has returned.
    process.nextTick(() => {
      if (peer.destroyed || peer.push(bytes)) done();
      else peer.#taken = done;
    });
  }

  override _final(done: () => void): void {
    process.nextTick(() => this.#peer?.push(null));
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const peer = this.#peer;
    // As over a network, the other side sees a closed connection and not the reason.
    if (peer !== null && !peer.destroyed) process.nextTick(() => peer.destroy());
    done(error);
  }
}
