const sentences: Readonly<Record<string, string>> = {
  dns: "the host name has no address",
  "connection-refused": "nothing listens there",
  "connection-closed": "the connection was closed without an answer",
  tls: "the TLS connection failed",
  timeout: "no answer came in time",
  "http-parse": "what answers does not speak HTTP",
};

/** Says that nobody answers at a URL, and why. */
export function unreachable(url: string, reason: string, message: string): string {
  const sentence = sentences[reason];
  return `Cannot reach ${new URL(url).host}: ${sentence === undefined ? message : `${sentence} (${message})`}.`;
}
