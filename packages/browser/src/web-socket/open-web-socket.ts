import type { FetchOutcome, Header, HeaderList, NetworkResponse, Problem } from "@corsac/protocol";
import { Dispatcher, WebSocket } from "undici";
import type { BodySource } from "../body-source.ts";
import type { PageFetcher } from "../event-source/page-fetcher.ts";
import { UpgradedConnection } from "../transport/upgraded-connection.ts";

/**
 * Opens a page's `WebSocket`: undici speaks the protocol, while the page sends the handshake as a browser does, with its
 * `Origin` and its cookies, so that the inspector sees it.
 *
 * @throws {DOMException} `SyntaxError` for a URL that is not one, or protocols that are not tokens
 * @see https://websockets.spec.whatwg.org/#concept-websocket-establish
 */
export function openWebSocket(url: string | URL, protocols: string | readonly string[], page: PageFetcher): WebSocket {
  const base = page.baseUrl.href;
  if (!URL.canParse(String(url), base)) {
    throw new DOMException(`Cannot open a WebSocket to \u201c${url}\u201d: it is not a URL.`, "SyntaxError");
  }
  return new WebSocket(new URL(url, base), {
    protocols: typeof protocols === "string" ? protocols : [...protocols],
    dispatcher: new HandshakeDispatcher(page),
  });
}

/** Sends the one request that a WebSocket makes. */
class HandshakeDispatcher extends Dispatcher {
  readonly #page: PageFetcher;

  constructor(page: PageFetcher) {
    super();
    this.#page = page;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const abort = new AbortController();
    handler.onConnect?.((reason) => abort.abort(reason));
    void this.#shakeHands(options, handler, abort.signal);
    return true;
  }

  async #shakeHands(
    { origin, path, headers }: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
    signal: AbortSignal,
  ): Promise<void> {
    const outcome = await this.#page.fetch(
      new URL(path, origin),
      {
        headers: handshakeHeaders(headers as Record<string, unknown>),
        mode: "websocket",
        credentialsMode: "include",
        cacheMode: "no-store",
        redirectMode: "error",
        referrer: "no-referrer",
        initiatorType: "websocket",
        unsafeRequest: false,
      },
      signal,
    );
    const response = outcome.exchanges.at(-1)?.response;
    const connection = response?.kind === "response" ? (response.body as BodySource | null) : null;
    if (response?.kind === "response" && outcome.kind === "response" && connection instanceof UpgradedConnection) {
      const breakOff = () => connection.cancel();
      this.#page.closed.addEventListener("abort", breakOff, { once: true });
      connection.socket.once("close", () => this.#page.closed.removeEventListener("abort", breakOff));
      handler.onUpgrade?.(response.status, rawHeaders(response.headers), connection.socket);
      if (this.#page.closed.aborted) breakOff();
      return;
    }
    connection?.cancel();
    handler.onError?.(new Error(failure(outcome, response)));
  }
}

/** What undici says of the protocol. The extensions are those of the browser that the page follows. */
function handshakeHeaders(headers: Readonly<Record<string, unknown>>): HeaderList {
  return handshakeNames.flatMap((name): Header[] => {
    const value = headers[name.toLowerCase()];
    return typeof value === "string" ? [[name, value]] : [];
  });
}

const handshakeNames = ["Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol"];

function rawHeaders(headers: HeaderList): Buffer[] {
  return headers.flatMap(([name, value]) => {
    // undici wants the one word; servers may say more.
    const isUpgrade = name.toLowerCase() === "connection" && /(^|,)[ \t]*upgrade[ \t]*(,|$)/i.test(value);
    return [Buffer.from(name, "latin1"), Buffer.from(isUpgrade ? "upgrade" : value, "latin1")];
  });
}

function failure(outcome: FetchOutcome, response: NetworkResponse | undefined): string {
  if (outcome.kind === "response") return `the server answered ${outcome.response.internal.status} instead of 101`;
  const { problem }: { problem: Problem } = outcome;
  if (problem.code === "network-error") return problem.message;
  return response === undefined
    ? `the handshake was not sent: ${problem.code}`
    : `the handshake failed: ${problem.code}`;
}
