import { Readable } from "node:stream";

/**
 * The content of a request, apart from the stream it comes by: whoever destroys it, or leaves it unread, does no harm to
 * the connection. It errors when the client leaves before the content is complete.
 */
export class RequestBody extends Readable {
  readonly #source: Readable;
  #beforeReading: (() => void) | null;
  #attached = false;
  #isComplete = false;

  /**
   * @param source is read only as this stream is
   * @param beforeReading called once when the content is first asked for: the time for `100 Continue`
   */
  constructor(source: Readable, beforeReading: (() => void) | null) {
    super();
    this.#source = source;
    this.#beforeReading = beforeReading;
    // Nobody may be listening when the client leaves, and that is no reason to end the process.
    this.on("error", ignore);
    source.on("error", (error) => this.destroy(error));
    source.once("close", this.#leave);
  }

  override _read(): void {
    if (this.#attached) {
      this.#source.resume();
      return;
    }
    this.#attached = true;
    this.#beforeReading?.();
    this.#beforeReading = null;
    this.#source.on("data", this.#take);
    this.#source.once("end", this.#finish);
    this.#source.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#beforeReading = null;
    if (this.#attached) {
      this.#source.off("data", this.#take);
      this.#source.off("end", this.#finish);
      this.#source.pause();
    }
    callback(error);
  }

  readonly #take = (chunk: Uint8Array): void => {
    if (!this.push(chunk)) this.#source.pause();
  };

  readonly #leave = (): void => {
    if (this.#isComplete) return;
    this.destroy(new Error("The client left before its request was complete."));
  };

  readonly #finish = (): void => {
    this.#isComplete = true;
    this.push(null);
  };
}

function ignore(): void {}
