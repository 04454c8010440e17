/** An event as the stream tells it. */
export interface StreamedEvent {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}

/** What an {@link EventStreamParser} reports. */
export interface EventStreamHandler {
  onEvent(event: StreamedEvent): void;
  /** The server asks for `milliseconds` between a lost connection and the next. */
  onRetry(milliseconds: number): void;
}

/**
 * Interprets an event stream as its bytes arrive.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventStreamParser {
  /** What `Last-Event-ID` says when the connection is made again. */
  lastEventId: string;
  readonly #handler: EventStreamHandler;
  readonly #decoder = new TextDecoder();
  #rest = "";
  #endsWithReturn = false;
  #data = "";
  #type = "";
  #id: string;

  /**
   * @param lastEventId of the connection before. Differs: the standard forgets it when a stream begins, all browsers keep it.
   */
  constructor(handler: EventStreamHandler, lastEventId = "") {
    this.#handler = handler;
    this.lastEventId = lastEventId;
    this.#id = lastEventId;
  }

  /** Takes the next bytes. An event that the end of the stream cuts off is never reported. */
  push(bytes: Uint8Array): void {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === "") return;
    // CR LF is one end of a line, also when the bytes are parted between them.
    if (this.#endsWithReturn && text.startsWith("\n")) text = text.slice(1);
    this.#endsWithReturn = text.endsWith("\r");
    const lines = text.split(/\r\n|\n|\r/);
    lines[0] = this.#rest + (lines[0] as string);
    this.#rest = lines.pop() as string;
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (line === "") this.#dispatch();
    const colon = line.indexOf(":");
    // Empty lines end an event, and those that begin with a colon are comments.
    if (line === "" || colon === 0) return;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    this.#field(field, value);
  }

  #field(field: string, value: string): void {
    if (field === "event") this.#type = value;
    else if (field === "data") this.#data += `${value}\n`;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^[0-9]+$/.test(value)) this.#handler.onRetry(Number(value));
  }

  #dispatch(): void {
    this.lastEventId = this.#id;
    const data = this.#data;
    const type = this.#type || "message";
    this.#data = "";
    this.#type = "";
    if (data !== "") this.#handler.onEvent({ type, data: data.slice(0, -1), lastEventId: this.lastEventId });
  }
}
