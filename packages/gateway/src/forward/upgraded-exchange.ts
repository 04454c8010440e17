import { type IncomingHttpHeaders, STATUS_CODES } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import { ForwardedExchange } from "./forwarded-exchange.ts";
import { endToEndFields } from "./response-fields.ts";
import { responseHead } from "./socket-sink.ts";

/** The client's end of a connection that is to change its protocol. */
export interface ClientEnd {
  readonly client: Duplex;
  /** What the client sent behind its request. */
  readonly head: Buffer;
}

/**
 * A request to change the protocol, such as to WebSocket. When the upstream agrees, both connections become one; any
 * other answer goes to the client as it is.
 *
 * @see https://httpwg.org/specs/rfc9110.html#field.upgrade
 */
export class UpgradedExchange extends ForwardedExchange {
  readonly #end: ClientEnd;

  constructor(end: ClientEnd, ...exchange: ConstructorParameters<typeof ForwardedExchange>) {
    super(...exchange);
    this.#end = end;
  }

  onRequestUpgrade(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    upstream: Duplex,
  ): void {
    this.settle();
    const { client, head } = this.#end;
    if (client.destroyed) {
      upstream.destroy();
      return;
    }
    const fields = endToEndFields(headers);
    fields.connection = "Upgrade";
    if (headers.upgrade !== undefined) fields.upgrade = headers.upgrade;
    client.write(responseHead(status, STATUS_CODES[status] ?? "", fields), "latin1");
    if (head.length > 0) upstream.write(head);
    connect(client, upstream);
    connect(upstream, client);
  }
}

/** Passes everything on, its end as well, so that either side may stop sending first. */
function connect(from: Duplex, to: Duplex): void {
  if (from instanceof Socket) {
    // A WebSocket may be silent for hours: no time limit, but a peer that vanished is noticed.
    from.setTimeout(0);
    from.setKeepAlive(true, 60_000);
  }
  from.allowHalfOpen = true;
  from.on("error", () => to.destroy());
  from.on("close", () => {
    // Both directions have ended, or one of them never will.
    if (!from.readableEnded) to.destroy();
  });
  from.pipe(to);
}
