import { GatewayError } from "../exchange/gateway-error.ts";

/** What Node's parser says went wrong. */
export interface ParserError extends NodeJS.ErrnoException {
  /** What it was given last. */
  readonly rawPacket?: Buffer;
}

/** The first byte of a client that speaks TLS. */
const tlsHandshake = 0x16;

/**
 * Tells what to answer to bytes that Node's parser refused; null when there is nobody to answer to, or no HTTP.
 *
 * @param error from the `clientError` event
 */
export function clientError({ code = "", rawPacket }: ParserError): GatewayError | null {
  if (rawPacket?.[0] === tlsHandshake) return null;
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new GatewayError("request-headers-too-large", "The header fields of the request are longer than allowed.");
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return new GatewayError("request-too-large", "The chunk extensions of the request are longer than allowed.");
    case "HPE_INVALID_METHOD":
      return new GatewayError("method-not-implemented", "The gateway does not know the request's method.");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new GatewayError("request-timeout", "The request did not arrive in time.");
    default:
      return code.startsWith("HPE_") && code !== "HPE_INVALID_EOF_STATE"
        ? new GatewayError("request-invalid", `The request is no valid HTTP (${code.slice(4).toLowerCase()}).`)
        : null;
  }
}
