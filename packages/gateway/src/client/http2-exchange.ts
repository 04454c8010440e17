import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { isMethod } from "@corsac/protocol";
import { GatewayError } from "../exchange/gateway-error.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { HeaderFields } from "../exchange/header-fields.ts";
import type { ResponseHead } from "../exchange/response-sink.ts";
import { DoorSink, isSendable } from "./door-sink.ts";
import { handle } from "./handle.ts";
import type { ConnectionRules } from "./http1-connection.ts";
import { clientAddress, isContinue, unknownExpectation } from "./http1-request.ts";
import { RequestBody } from "./request-body.ts";
import { requestFields } from "./request-fields.ts";
import { parseRequestTarget } from "./request-target.ts";

/**
 * Serves one request of HTTP/2.
 *
 * @see https://httpwg.org/specs/rfc9113.html#HttpFraming
 */
export function serveHttp2(
  stream: ServerHttp2Stream,
  pseudo: IncomingHttpHeaders,
  raw: readonly string[],
  rules: ConnectionRules,
): void {
  const sink = new Http2Sink(stream, String(pseudo[":method"] ?? ""), rules);
  const request = readRequest(stream, sink, pseudo, raw);
  if (request instanceof GatewayError) sink.fail(request);
  else handle(rules.handler, request, sink);
}

function readRequest(
  stream: ServerHttp2Stream,
  sink: Http2Sink,
  { ":method": method = "", ":path": path = "" }: IncomingHttpHeaders,
  raw: readonly string[],
): GatewayRequest | GatewayError {
  if (method === "CONNECT") return new GatewayError("method-not-implemented", "The gateway is no tunnel.");
  const { headers, authority, host, expect } = requestFields(raw);
  if (Array.isArray(host) || (authority !== null && host !== null && authority !== host)) {
    return new GatewayError("request-invalid", "The request names more than one host.");
  }
  const place = isMethod(method) && isPath(path) ? parseRequestTarget(method, path, authority ?? host) : null;
  if (place === null)
    return new GatewayError("request-invalid", "The request's method, target or host is no valid one.");
  if (expect !== null && !isContinue(expect)) return unknownExpectation();
  headers.host = place.authority;
  return {
    method,
    scheme: "https",
    authority: place.authority,
    target: place.target,
    httpVersion: "2.0",
    headers,
    body: stream.endAfterHeaders ? null : sink.receive(expect !== null),
    clientAddress: clientAddress(stream.session?.socket ?? {}),
  };
}

/** A path of HTTP/2 has no absolute form. */
function isPath(path: string): boolean {
  return path.startsWith("/") || path === "*";
}

/** Writes one response to a stream of HTTP/2, and watches what comes in on it. */
class Http2Sink extends DoorSink {
  readonly #stream: ServerHttp2Stream;
  readonly #rules: ConnectionRules;
  #body: RequestBody | null = null;
  #bodyTimer: NodeJS.Timeout | undefined;
  #trailers: HeaderFields | null = null;

  constructor(stream: ServerHttp2Stream, method: string, rules: ConnectionRules) {
    super(method);
    this.#stream = stream;
    this.#rules = rules;
    // The reasons come with `close` as well; a listener has to be there so that they do not end the process.
    stream.on("error", () => {});
    stream.on("close", () => this.#close());
    stream.on("timeout", () => this.#checkStall());
    stream.setTimeout(rules.stallTime);
    stream.on("aborted", () => {
      // A stream that was reset goes on to end as if its content were complete: that has to err before.
      this.#close();
      // A stream with content that nobody takes would never be closed.
      stream.resume();
    });
  }

  receive(expectsContinue: boolean): RequestBody {
    const stream = this.#stream;
    const body = new RequestBody(stream, expectsContinue ? () => this.#continue() : null);
    this.#body = body;
    this.#bodyTimer = setTimeout(() => {
      this.fail(new GatewayError("request-timeout", "The content of the request did not arrive in time."));
    }, this.#rules.requestTime);
    stream.once("end", () => clearTimeout(this.#bodyTimer));
    return body;
  }

  protected override begin({ status, headers }: ResponseHead, hasContent: boolean): void {
    if (this.#stream.destroyed || this.#stream.closed) return;
    // Node checks neither, and HTTP/2 ends the stream without a word.
    for (const name of Object.keys(headers)) {
      if (!isSendable(name, headers[name])) throw new TypeError(`The field ${JSON.stringify(name)} cannot be sent.`);
    }
    this.#stream.respond({ ...headers, ":status": status }, { endStream: !hasContent, waitForTrailers: hasContent });
    if (hasContent) this.#stream.once("wantTrailers", () => this.#stream.sendTrailers(this.#trailers ?? {}));
    else this.#leave();
  }

  protected override push(chunk: Uint8Array): boolean {
    return this.#stream.write(chunk);
  }

  protected override finish(trailers: HeaderFields | null): void {
    this.#trailers = trailers;
    if (this.#stream.writableEnded || this.#stream.destroyed) return;
    this.#stream.end();
    this.#leave();
  }

  protected override cut(): void {
    this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  protected override interim(status: number, headers: HeaderFields): void {
    if (!this.#stream.destroyed && !this.#stream.closed)
      this.#stream.additionalHeaders({ ...headers, ":status": status });
  }

  override onDrain(listener: () => void): void {
    this.#stream.on("drain", listener);
  }

  #continue(): void {
    if (!this.#stream.headersSent && !this.#stream.destroyed && !this.#stream.closed)
      this.#stream.additionalHeaders({ ":status": 100 });
  }

  /** Tells a client that is still sending, once it has the whole answer, that it need not. */
  #leave(): void {
    const stream = this.#stream;
    if (this.#body === null || stream.readableEnded) return;
    if (stream.writableFinished) this.#stop();
    else stream.once("finish", () => this.#stop());
  }

  #stop(): void {
    const stream = this.#stream;
    if (stream.readableEnded) return;
    this.#body?.destroy(new Error("The exchange is over."));
    stream.resume();
    stream.close(constants.NGHTTP2_NO_ERROR);
  }

  /** To be called when nothing came or went for a while: that is a fault only while there is something to be taken. */
  #checkStall(): void {
    const stream = this.#stream;
    if (stream.writableLength > 0 || (stream.writableEnded && !stream.writableFinished)) {
      stream.close(constants.NGHTTP2_CANCEL);
    } else {
      stream.setTimeout(this.#rules.stallTime);
    }
  }

  #close(): void {
    clearTimeout(this.#bodyTimer);
    this.abandon();
    if (this.#body !== null && !this.#body.readableEnded) this.#body.destroy(new Error("The exchange is over."));
  }
}
