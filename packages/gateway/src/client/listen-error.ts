/** Why the gateway does not listen. Stable. */
export type ListenErrorCode =
  | "address-not-available"
  | "certificate-invalid"
  | "port-in-use"
  | "port-not-allowed"
  | "listen-failed";

/** The gateway cannot listen where it was told to; the message says what to change. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly code: ListenErrorCode;

  constructor(code: ListenErrorCode, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Tells what an error of the system means for whoever started the gateway. */
export function listenError(cause: NodeJS.ErrnoException, address: string, port: number): ListenError {
  switch (cause.code) {
    case "EADDRINUSE":
      return new ListenError(
        "port-in-use",
        `Port ${port} of ${address} is taken: choose another, or 0 for a free one.`,
        cause,
      );
    case "EACCES":
      return new ListenError("port-not-allowed", `Port ${port} needs more rights: choose one from 1024 on.`, cause);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAFNOSUPPORT":
      return new ListenError("address-not-available", `${address} is no address of this machine.`, cause);
    default:
      return new ListenError("listen-failed", `The gateway cannot listen on port ${port} of ${address}.`, cause);
  }
}
