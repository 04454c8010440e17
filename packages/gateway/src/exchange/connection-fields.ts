/**
 * Fields, in lower case, that are about one connection and not about the message: they go no further in either direction.
 * `TE` is another one, but what it says about trailers the gateway says as well.
 *
 * @see https://httpwg.org/specs/rfc9110.html#field.connection
 */
export const connectionFields: readonly string[] = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
];
