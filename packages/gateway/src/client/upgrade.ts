import type { IncomingMessage } from "node:http";

/** Reports whether a request asks for a WebSocket. @see https://httpwg.org/specs/rfc9110.html#field.upgrade */
export function isWebSocketUpgrade({ method, httpVersion, headers }: IncomingMessage): boolean {
  return method === "GET" && httpVersion === "1.1" && headers.upgrade?.toLowerCase() === "websocket";
}

/**
 * Writes the head of a request out again without its wish to upgrade. A server may ignore that wish, and has to for
 * clients that ask for HTTP/2 in this way with every first request.
 *
 * @returns one character for each byte
 */
export function headWithoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  let head = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    const value = rawHeaders[index + 1] as string;
    const lowercase = name.toLowerCase();
    if (lowercase === "upgrade" || lowercase === "http2-settings") continue;
    head += `${name}: ${lowercase === "connection" ? withoutUpgradeOption(value) : value}\r\n`;
  }
  return `${head}\r\n`;
}

function withoutUpgradeOption(value: string): string {
  const kept = value.split(",").filter((option) => !/^[ \t]*(?:upgrade|http2-settings)[ \t]*$/i.test(option));
  return kept.length === 0 ? "keep-alive" : kept.join(",");
}
