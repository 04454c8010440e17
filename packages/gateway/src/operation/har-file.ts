import { type FileHandle, open, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { harEntry } from "./har-entry.ts";
import type { ExchangeObserver, ObservedExchange } from "./observe-stage.ts";

/** A HAR that is being recorded. */
export interface HarFile extends ExchangeObserver {
  /** Resolves when all entries are written. */
  close(): Promise<void>;
}

/** What recording is bounded by, in bytes. */
export interface HarLimits {
  /** Of each content; default 64 KiB. */
  readonly contentBytes?: number;
  /** Of the file; what comes after that is not recorded. Default 256 MiB. */
  readonly fileBytes?: number;
}

/** Ends the list of entries and everything around it. */
const tail = "\n]}}\n";

/**
 * Records exchanges into a HAR 1.2, in the place of a file that may be there. Each piece is written over the end of the
 * one before together with a new end, so that the file is a whole HAR at any time.
 *
 * @param onError is told once why recording has ended; exchanges go on without it
 */
export function recordHar(
  file: string,
  onError: (error: Error) => void,
  { contentBytes = 64 * 1024, fileBytes = 256 * 1024 * 1024 }: HarLimits = {},
): HarFile {
  return new HarRecorder(file, onError, contentBytes, fileBytes);
}

class HarRecorder implements HarFile {
  readonly contentBytes: number;
  readonly #fileBytes: number;
  readonly #onError: (error: Error) => void;
  #handle: FileHandle | null = null;
  /** Where the next entry goes: where the tail begins. */
  #end = 0;
  #isEmpty = true;
  #hasEnded = false;
  #waiting: string[] = [];
  #writing: Promise<void>;

  constructor(file: string, onError: (error: Error) => void, contentBytes: number, fileBytes: number) {
    this.contentBytes = contentBytes;
    this.#fileBytes = fileBytes;
    this.#onError = onError;
    this.#writing = this.#open(file).catch((error: Error) => this.#stop(error));
  }

  ended(exchange: ObservedExchange): void {
    if (this.#hasEnded) return;
    this.#waiting.push(JSON.stringify(harEntry(exchange)));
    // What comes while a piece is written goes into the next piece.
    if (this.#waiting.length === 1) {
      this.#writing = this.#writing.then(() => this.#write()).catch((error: Error) => this.#stop(error));
    }
  }

  async close(): Promise<void> {
    await this.#writing;
    this.#hasEnded = true;
    await this.#handle?.close();
    this.#handle = null;
  }

  async #open(file: string): Promise<void> {
    const { version } = createRequire(import.meta.url)("@corsac/gateway/package.json") as { readonly version: string };
    const creator = JSON.stringify({ name: "corsac gateway", version });
    const head = `{"log":{"version":"1.2","creator":${creator},"entries":[`;
    const temporary = `${file}.${process.pid}.new`;
    await writeFile(temporary, head + tail);
    await rename(temporary, file);
    this.#handle = await open(file, "r+");
    this.#end = Buffer.byteLength(head);
  }

  async #write(): Promise<void> {
    const entries = this.#waiting;
    this.#waiting = [];
    if (this.#handle === null) return;
    const text = Buffer.from(`${this.#isEmpty ? "\n" : ",\n"}${entries.join(",\n")}${tail}`);
    if (this.#end + text.byteLength > this.#fileBytes) {
      this.#stop(new Error(`the recording has reached ${this.#fileBytes} bytes; what comes now is not in it`));
      return;
    }
    await this.#handle.write(text, 0, text.byteLength, this.#end);
    this.#end += text.byteLength - tail.length;
    this.#isEmpty = false;
  }

  #stop(error: Error): void {
    if (!this.#hasEnded) this.#onError(error);
    this.#hasEnded = true;
  }
}
