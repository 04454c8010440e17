import type { Duplex } from "node:stream";
import type { BodySource } from "../body-source.ts";
import { byteStream, closeByteStream } from "./byte-stream.ts";

/** What stands in place of a body after `101 Switching Protocols`: the connection, now free for the other protocol. */
export class UpgradedConnection implements BodySource {
  readonly socket: Duplex;

  constructor(socket: Duplex) {
    this.socket = socket;
    // Until somebody takes it over, a connection that breaks is nobody's concern.
    socket.on("error", () => {});
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array();
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return byteStream({ start: closeByteStream });
  }

  cancel(): void {
    this.socket.destroy();
  }
}
