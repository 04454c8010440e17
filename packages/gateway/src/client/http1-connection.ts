import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { Handler } from "../exchange/response-sink.ts";
import { handle } from "./handle.ts";
import { readHttp1Request } from "./http1-request.ts";
import { Http1Sink } from "./http1-sink.ts";
import { lingeringClose } from "./lingering-close.ts";
import { rawProblem } from "./raw-problem.ts";
import { RequestBody } from "./request-body.ts";

/** What the connections of one door share. Times in milliseconds, sizes in bytes. */
export interface ConnectionRules {
  readonly handler: Handler;
  /** How much unread content of a request is taken off a connection so that it can go on. */
  readonly drainBytes: number;
  /** How long a client gets to read the answer to a request that it is still sending. */
  readonly lingerTime: number;
  /** How long a client may take no byte of a response that waits for it. */
  readonly stallTime: number;
  /** How long the content of a request may take to arrive. */
  readonly requestTime: number;
  /** Whether the door is being closed, so that every response is the last of its connection. */
  isClosing: boolean;
}

/** How many requests may wait behind one; whoever sends more has no use for the answers. */
const pipelineLimit = 64;

/** How often a connection may ask for an upgrade that is not known. */
const readingLimit = 4;

/**
 * The requests of one HTTP/1 connection, one after the other: Node would start those that a client sent ahead at the
 * same time, though the later may depend on the earlier, and though the connection may end between them.
 *
 * @see https://httpwg.org/specs/rfc9112.html#pipelining
 */
export class Http1Connection {
  readonly socket: Socket;
  readonly rules: ConnectionRules;
  /** Nothing that arrives is looked at any more. */
  isEnding = false;
  #current: Http1Exchange | null = null;
  #readings = 0;
  readonly #waiting: Http1Exchange[] = [];

  constructor(socket: Socket, rules: ConnectionRules) {
    this.socket = socket;
    this.rules = rules;
  }

  /** @param expectsContinue whether the client waits for `100 Continue` before it sends the content */
  take(message: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    if (this.isEnding) return;
    const exchange = new Http1Exchange(this, message, response, expectsContinue);
    if (this.#current === null) this.#begin(exchange);
    else if (this.#waiting.length < pipelineLimit) this.#waiting.push(exchange);
    else this.socket.destroy();
  }

  /** Whether a request is being answered. */
  get isBusy(): boolean {
    return this.#current !== null;
  }

  /** What came is no HTTP, or asks for what there is not. If an answer is still on its way, it is finished, and the connection ends after it. */
  refuse(error: GatewayError): void {
    if (this.isEnding) return;
    this.isEnding = true;
    this.#waiting.length = 0;
    const current = this.#current;
    if (current?.isReceived) return;
    if (current?.isStarted || !this.socket.writable) {
      this.socket.destroy();
      return;
    }
    current?.abandon();
    this.socket.write(rawProblem(error));
    lingeringClose(this.socket, this.rules.lingerTime);
  }

  /** To be called when nothing came or went for a while: that is a fault only while there is something to be taken. */
  checkStall(): void {
    if (this.#current === null || this.socket.writableLength > 0) this.socket.destroy();
    else this.socket.setTimeout(this.rules.stallTime);
  }

  /** Whether a request may be read once more without its wish to upgrade; each time leaves listeners behind. */
  takeReading(): boolean {
    this.#readings += 1;
    return this.#readings <= readingLimit;
  }

  /** To be called when an exchange is over. */
  proceed(isLast: boolean): void {
    this.#current = null;
    if (isLast || this.isEnding) {
      this.isEnding = true;
      this.#waiting.length = 0;
      if (!isLast) this.socket.destroySoon();
      return;
    }
    const next = this.#waiting.shift();
    if (next !== undefined) this.#begin(next);
    else if (this.rules.isClosing) this.socket.destroySoon();
  }

  #begin(exchange: Http1Exchange): void {
    this.#current = exchange;
    exchange.begin();
  }
}

/** A request of HTTP/1 and its response. */
export class Http1Exchange {
  readonly #connection: Http1Connection;
  readonly #message: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #sink: Http1Sink;
  /** Whether the client still waits for `100 Continue`. */
  #owesContinue: boolean;
  readonly #hasContent: boolean;
  #body: RequestBody | null = null;

  constructor(
    connection: Http1Connection,
    message: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
  ) {
    this.#connection = connection;
    this.#message = message;
    this.#response = response;
    this.#owesContinue = expectsContinue;
    const { "content-length": length, "transfer-encoding": coding } = message.headers;
    this.#hasContent = coding !== undefined || (length !== undefined && Number(length) !== 0);
    this.#sink = new Http1Sink(this, message.method ?? "", response);
    response.on("close", () => this.#close());
  }

  get isReceived(): boolean {
    return this.#message.complete;
  }

  get isStarted(): boolean {
    return this.#response.headersSent;
  }

  /** Lets the handler know that nobody waits for its answer. */
  abandon(): void {
    this.#sink.closed();
  }

  /** Decides, before the head is written, whether the connection goes on after this response. */
  settleConnection(): void {
    const { isEnding, rules, socket } = this.#connection;
    const response = this.#response;
    if (isEnding || rules.isClosing || !this.#canSkipRest()) response.shouldKeepAlive = false;
    if (response.shouldKeepAlive || !this.#hasContent || this.#message.complete) return;
    // Node calls this after the last response of a connection.
    socket.destroySoon = () => lingeringClose(socket, rules.lingerTime);
  }

  begin(): void {
    if (this.#hasContent) {
      this.#body = new RequestBody(this.#message, this.#owesContinue ? () => this.#continue() : null);
    }
    const request = readHttp1Request(this.#message, this.#body);
    if (request instanceof GatewayError) {
      // How long such a request is, is a matter of opinion: nothing behind it can be trusted.
      this.#response.shouldKeepAlive = false;
      this.#sink.fail(request);
    } else {
      handle(this.#connection.rules.handler, request, this.#sink);
    }
  }

  #continue(): void {
    this.#owesContinue = false;
    if (!this.#response.headersSent) this.#response.writeContinue();
  }

  /** Whether what is left of the request can be taken off the connection in no time. */
  #canSkipRest(): boolean {
    if (!this.#hasContent || this.#message.complete) return true;
    if (this.#owesContinue) return false;
    return Number(this.#message.headers["content-length"] ?? Infinity) <= this.#connection.rules.drainBytes;
  }

  #close(): void {
    const isLast = !this.#response.shouldKeepAlive || !this.#response.writableFinished;
    this.#sink.closed();
    if (this.#body !== null && !this.#body.readableEnded) {
      this.#body.destroy(new Error("The exchange is over."));
      this.#message.resume();
    }
    this.#connection.proceed(isLast);
  }
}
