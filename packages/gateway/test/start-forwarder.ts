import type { Socket } from "node:net";
import { createForwarder, type Forwarder, type ForwarderOptions } from "../src/forward/forwarder.ts";
import { RawUpstream, type ReceivedRequest } from "./raw-upstream.ts";

/** Starts an upstream that a test writes the answers of, and a forwarder to it. Whoever starts them closes both. */
export async function startForwarder(
  respond: (socket: Socket, request: ReceivedRequest) => void,
  options: Partial<ForwarderOptions> = {},
): Promise<{ upstream: RawUpstream; forwarder: Forwarder }> {
  const upstream = await RawUpstream.start(respond);
  const forwarder = createForwarder({
    upstream: upstream.url,
    prefix: "",
    timeouts: { connect: 5, response: 5, idle: 5 },
    retries: null,
    requestHeaders: {},
    pseudonym: "gw-1",
    ...options,
  });
  return { upstream, forwarder };
}
