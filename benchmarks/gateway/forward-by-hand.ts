import type { IncomingHttpHeaders, RequestListener, ServerResponse } from "node:http";
import { type Dispatcher, Pool } from "undici";
import { book } from "./configurations.ts";
import { allowedOrigin } from "./load.ts";

/**
 * The least that a proxy on Node does: the fields of the policy and nothing else. It forwards by the dispatcher that
 * corsac uses, and has one answer stored.
 */
export function forwardByHand(upstream: string): RequestListener {
  const pool = new Pool(upstream);
  return (request, response) => {
    const { method = "GET", url = "/", headers } = request;
    if (url.startsWith("/cached/")) {
      response.writeHead(200, { ...policy, "content-type": "application/json", "content-length": "1024" });
      response.end(book);
      return;
    }
    const { host: _, connection: __, ...sent } = headers;
    pool.dispatch({ method: method as Dispatcher.HttpMethod, path: url, headers: sent }, new Passing(response));
  };
}

const policy = {
  "access-control-allow-origin": allowedOrigin,
  "access-control-allow-credentials": "true",
  vary: "Origin",
};

class Passing implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  #controller: Dispatcher.DispatchController | null = null;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on("drain", () => this.#controller?.resume());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    const { connection: __, ...passed } = headers;
    this.#response.writeHead(status, Object.assign(passed, policy));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#response.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.#response.end();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#response.destroy(error);
  }
}
