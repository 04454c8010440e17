import type { HeaderFields } from "./header-fields.ts";
import type { ResponseHead, ResponseSink } from "./response-sink.ts";

/** A sink that hands everything on to another one: what stages extend that change or watch some of it. */
export class ForwardingSink implements ResponseSink {
  protected readonly next: ResponseSink;

  constructor(next: ResponseSink) {
    this.next = next;
  }

  inform(status: number, headers: HeaderFields): void {
    this.next.inform(status, headers);
  }

  start(head: ResponseHead): void {
    this.next.start(head);
  }

  write(chunk: Uint8Array): boolean {
    return this.next.write(chunk);
  }

  end(trailers: HeaderFields | null): void {
    this.next.end(trailers);
  }

  fail(error: Error): void {
    this.next.fail(error);
  }

  onDrain(listener: () => void): void {
    this.next.onDrain(listener);
  }

  onAbort(listener: () => void): void {
    this.next.onAbort(listener);
  }
}
