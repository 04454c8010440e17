/** What a mistake in using a {@link Browser} is called. */
export type BrowserErrorCode =
  | "frame-url-invalid"
  | "navigation-failed"
  | "page-url-invalid"
  | "profile-unknown"
  | "proxy-url-invalid"
  | "route-origin-invalid"
  | "timeout-invalid";

/** A mistake in using the browser, or a world that does not answer: never a fetch that a browser would block. */
export class BrowserError extends Error {
  override readonly name = "BrowserError";
  /** Stable. */
  readonly code: BrowserErrorCode;

  constructor(code: BrowserErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
