import { connectionFields } from "../exchange/connection-fields.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import { forwardedElement } from "./forwarded.ts";

/** What of a request's fields the gateway decides. */
export interface UpstreamFieldRules {
  /** The gateway's name in `Via`. */
  readonly pseudonym: string;
  /** Names in lower case. */
  readonly requestHeaders: Readonly<Record<string, string>>;
}

/**
 * Fields that do not go on: those of the connection, which the doors have removed already where they let in anything;
 * the expectation, which the door met; `Host`, which is the upstream's own; what clients claim of where they come from,
 * which only the gateway knows; and `Proxy`, which CGI makes an environment variable of.
 */
const dropped: ReadonlySet<string> = new Set([
  ...connectionFields,
  "expect",
  "forwarded",
  "host",
  "http2-settings",
  "proxy",
  "proxy-authorization",
  "via",
  "x-real-ip",
]);

/**
 * Makes the function that lists the fields of a request to the upstream, names and values in turn. `Forwarded` and
 * `X-Forwarded-*` are the gateway's own: a client's are not believed.
 *
 * @see https://httpwg.org/specs/rfc9110.html#message.forwarding
 */
export function createUpstreamFields(rules: UpstreamFieldRules): (request: GatewayRequest) => string[] {
  const own = Object.entries(rules.requestHeaders).flat();
  const withheld = new Set([...dropped, ...Object.keys(rules.requestHeaders)]);

  return (request) => {
    const { headers, clientAddress, authority, scheme } = request;
    const fields: string[] = [];
    for (const name in headers) {
      // Servers that hand fields over as variables take `x_forwarded_for` for the same name.
      const meaning = name.includes("_") ? name.replaceAll("_", "-") : name;
      if (withheld.has(meaning) || meaning.startsWith("x-forwarded-")) continue;
      const value = headers[name] as string | string[];
      if (typeof value === "string") fields.push(name, value);
      else for (const line of value) fields.push(name, line);
    }
    fields.push("forwarded", forwardedElement(request));
    if (clientAddress !== null) fields.push("x-forwarded-for", clientAddress);
    if (authority !== "") fields.push("x-forwarded-host", authority);
    fields.push("x-forwarded-proto", scheme, "via", viaOf(request, rules.pseudonym));
    for (const part of own) fields.push(part);
    return fields;
  };
}

function viaOf({ headers, httpVersion }: GatewayRequest, pseudonym: string): string {
  return appendVia(headers.via, httpVersion, pseudonym);
}

/**
 * Adds a recipient to `Via`.
 *
 * @param version of the protocol by which the message came, such as `1.1`
 * @see https://httpwg.org/specs/rfc9110.html#field.via
 */
export function appendVia(via: string | string[] | undefined, version: string, pseudonym: string): string {
  if (via === undefined) return `${version} ${pseudonym}`;
  return `${typeof via === "string" ? via : via.join(", ")}, ${version} ${pseudonym}`;
}
