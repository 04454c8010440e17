/**
 * Makes the answer to a request whose handler threw. A runtime would make one too, but without the headers that let a
 * page read that something failed; so what was thrown ends here, in the log.
 */
export function internalServerError(thrown: unknown): Response {
  // biome-ignore lint/suspicious/noConsole: where runtimes log what handlers throw.
  console.error(thrown);
  return new Response("Internal Server Error", { status: 500, headers: { "content-type": "text/plain" } });
}
