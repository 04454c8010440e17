import { isToken } from "@corsac/protocol";
import type { GatewayRequest } from "../exchange/gateway-request.ts";

/**
 * Writes who asked for what as one element of a `Forwarded` field, for the upstream.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7239#section-4
 */
export function forwardedElement({ clientAddress, authority, scheme }: GatewayRequest): string {
  const host = authority === "" ? "" : `;host=${quote(authority)}`;
  return `for=${nodeIdentifier(clientAddress)}${host};proto=${scheme}`;
}

/** IPv6 addresses go into brackets, which a token cannot hold. @see https://www.rfc-editor.org/rfc/rfc7239#section-6 */
function nodeIdentifier(address: string | null): string {
  if (address === null) return "unknown";
  return address.includes(":") ? `"[${address}]"` : quote(address);
}

function quote(text: string): string {
  return isToken(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
}
