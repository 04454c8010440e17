import type { ProtectedRequest } from "../../cross-origin-protection/index.ts";
import type { HeaderRecord } from "../../decision/decision.ts";

/** What the adapters use of Node's request, over HTTP/1.1 (`IncomingMessage`) and HTTP/2 (`Http2ServerRequest`). */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly headers: HeaderRecord;
  readonly url?: string | undefined;
  /** The target as it came, where a router changes `url`. */
  readonly originalUrl?: string | undefined;
  readonly socket?: object | null | undefined;
}

/**
 * Returns what cross-origin protection looks at.
 *
 * @param target as it came, where a router changes `url`
 */
export function protectedRequestOf(request: NodeRequest, target: string | undefined): ProtectedRequest {
  const { method, headers, url, socket } = request;
  const isTls = socket !== null && socket !== undefined && "encrypted" in socket && socket.encrypted === true;
  return { method, headers, url: target ?? url, isTls };
}
