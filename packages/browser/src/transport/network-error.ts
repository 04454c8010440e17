import type { HeaderList, NetworkErrorReason, NetworkResponse } from "@corsac/protocol";
import { ResponseHeadError } from "./response-head.ts";

type NetworkError = Extract<NetworkResponse, { kind: "network-error" }>;

/** Says why no response came: the reason as a code, the message as one line for people. */
export function networkError(error: unknown, sentHeaders?: HeaderList): NetworkError {
  const cause = firstCause(error);
  const failure = { kind: "network-error" as const, reason: reasonOf(cause), message: messageOf(cause) };
  return sentHeaders === undefined ? failure : { ...failure, sentHeaders };
}

/** The error that stands for a fetch that was given up. */
export function abortError(): Error {
  return Object.assign(new Error("the fetch was aborted"), { name: "AbortError" });
}

/** The error that stands for a server that takes longer than `timeout` milliseconds. */
export function timeoutError(what: "answer" | "connection", timeout: number, host: string): Error {
  return Object.assign(new Error(`no ${what} within ${timeout} ms from ${host}`), { code: "ETIMEDOUT" });
}

/** Reports whether `error` says that the connection broke, rather than that it could not be made or understood. */
export function isConnectionClosed(error: unknown): boolean {
  return reasonOf(firstCause(error)) === "connection-closed";
}

interface CodedError extends Error {
  readonly code?: string;
  readonly errors?: readonly CodedError[];
  readonly library?: string;
  readonly host?: string;
  readonly cert?: { readonly subjectaltname?: string };
  readonly syscall?: string;
}

const reasons: Readonly<Record<string, NetworkErrorReason>> = {
  ECONNREFUSED: "connection-refused",
  ECONNRESET: "connection-closed",
  ECONNABORTED: "connection-closed",
  EPIPE: "connection-closed",
  UND_ERR_SOCKET: "connection-closed",
  UND_ERR_DESTROYED: "aborted",
  UND_ERR_CLOSED: "aborted",
  UND_ERR_ABORTED: "aborted",
  ABORT_ERR: "aborted",
  ETIMEDOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  UND_ERR_HEADERS_OVERFLOW: "http-parse",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "http-parse",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EAI_FAIL: "dns",
  EPROTO: "tls",
};

/** What is wrong with a certificate, for people; other codes keep OpenSSL's words. */
const certificateSentences: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the certificate has expired",
  CERT_NOT_YET_VALID: "the certificate is not valid yet",
  CERT_REVOKED: "the certificate was revoked",
  CERT_UNTRUSTED: "the certificate is not trusted",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "the certificate is signed by an authority that is not trusted",
  UNABLE_TO_GET_ISSUER_CERT: "the authority that signed the certificate is not known",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the authority that signed the certificate is not known",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the server does not send the certificates of the authorities in between",
};

function reasonOf(error: CodedError): NetworkErrorReason {
  const { library } = error;
  if (error.name === "AbortError") return "aborted";
  if (error instanceof ResponseHeadError || error.name === "HTTPParserError") return "http-parse";
  const code = error.code ?? "";
  const reason = reasons[code];
  if (reason !== undefined) return reason;
  if (code in certificateSentences || /^(ERR_TLS_|ERR_SSL_|CERT_|HOSTNAME_)/.test(code)) return "tls";
  if (library === "SSL routines") return "tls";
  return error.syscall === "getaddrinfo" ? "dns" : "unknown";
}

function messageOf(error: CodedError): string {
  const { library } = error;
  const sentence = certificateSentences[error.code ?? ""];
  if (sentence !== undefined) return `${sentence} (${error.code})`;
  if (error.code === "ERR_TLS_CERT_ALTNAME_INVALID") return `the certificate is not for ${error.host}${namesOf(error)}`;
  if (library === "SSL routines" || error.code === "EPROTO") return `TLS handshake failed: ${sslReason(error)}`;
  const message = error.message.split("\n")[0] as string;
  return message === "" ? (error.code ?? error.name) : message;
}

function namesOf({ cert }: CodedError): string {
  const names = cert?.subjectaltname?.replaceAll(/(DNS|IP Address):/g, "");
  return names === undefined ? "" : ` but for ${names}`;
}

/** The reason in OpenSSL's one-line errors, such as `…:SSL routines:…:wrong version number:…`. */
function sslReason(error: CodedError): string {
  return (
    (error as { reason?: string }).reason ?? /:SSL routines:[^:]*:([^:]+)/.exec(error.message)?.[1] ?? error.message
  );
}

/** An attempt at several addresses fails with the errors of all of them. */
function firstCause(error: unknown): CodedError {
  if (!(error instanceof Error)) return new Error(String(error));
  const coded = error as CodedError;
  if (coded.errors === undefined) return coded;
  return Object.assign(new Error(coded.errors.map((each) => each.message).join("; ")), { code: coded.code ?? "" });
}
