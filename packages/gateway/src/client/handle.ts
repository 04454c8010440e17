import type { GatewayRequest } from "../exchange/gateway-request.ts";
import type { Handler, ResponseSink } from "../exchange/response-sink.ts";

/** Calls a handler. They throw nothing; if one does so even so, that ends its exchange and not the process. */
export function handle(handler: Handler, request: GatewayRequest, sink: ResponseSink): void {
  try {
    handler(request, sink);
  } catch (error) {
    sink.fail(error instanceof Error ? error : new Error(String(error)));
  }
}
