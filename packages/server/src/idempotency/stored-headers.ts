/** Headers of a connection, of one exchange or of what stands before the application; they are made anew each time. */
const notStored = new Set([
  "connection",
  "content-length",
  "cross-origin-resource-policy",
  "date",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-connection",
  // A session's cookie in a store, given to whoever has the key, is a way to lose the session.
  "set-cookie",
  "te",
  "timing-allow-origin",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Returns the headers of a response that are kept for those who ask again.
 *
 * @param headers names in lower case
 */
export function storedHeaders(headers: readonly (readonly [string, string])[]): [name: string, value: string][] {
  const connection = headers.find(([name]) => name === "connection")?.[1] ?? "";
  const hopByHop = connection.split(",").map((name) => name.trim().toLowerCase());
  return headers
    .filter(([name]) => !notStored.has(name) && !hopByHop.includes(name) && !name.startsWith("access-control-"))
    .map(([name, value]) => [name, value]);
}
