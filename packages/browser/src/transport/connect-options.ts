import type { LookupFunction } from "node:net";
import { BrowserError } from "../browser-error.ts";

/** How connections are made. Nothing is required: the defaults are those of a browser without any setting changed. */
export interface ConnectOptions {
  /** Certificate authorities to trust (PEM), instead of those that Node trusts. */
  readonly ca?: string | Buffer | ReadonlyArray<string | Buffer>;
  /** `false` accepts every certificate, as a user does who clicks the warning away. Default `true`. */
  readonly rejectUnauthorized?: boolean;
  /**
   * Addresses for `host:port`, such as `{ "api.example:443": "127.0.0.1" }`; the names in TLS and `Host` stay. A proxy
   * finds addresses by itself: with {@link proxy}, these are not used.
   */
  readonly resolve?: Readonly<Record<string, string>>;
  /** An HTTP proxy that every request goes through, such as `http://user:password@proxy.example:3128`. */
  readonly proxy?: string;
  /**
   * Milliseconds from sending a request to the head of its response, connecting included: above 0, below 2^31, which is
   * as far as timers go. Default: 90 s and 300 s.
   */
  readonly timeout?: number;
  /** Whether HTTP/2 is offered over TLS. Default `false`. */
  readonly http2?: boolean;
  /** Resolves the names that neither `resolve` nor the rule for `localhost` answers. Default: the system's resolver. */
  readonly lookup?: LookupFunction;
  /**
   * Whether a URL may be asked at all, be it by a redirect. Where not, the request ends in a network error and nothing
   * is sent. Default: every URL.
   */
  readonly permits?: (url: URL) => boolean;
}

/**
 * Checks what would otherwise fail much later, or pass for a server that does not answer.
 *
 * @throws {BrowserError} `proxy-url-invalid`, `timeout-invalid`
 */
export function checkConnectOptions({ proxy, timeout }: ConnectOptions): void {
  if (proxy !== undefined && !(/^https?:\/\//i.test(proxy) && URL.canParse(proxy))) {
    throw new BrowserError(
      "proxy-url-invalid",
      `“${proxy}” is not the URL of an HTTP proxy: write one such as http://localhost:8080.`,
    );
  }
  if (timeout !== undefined && !(timeout > 0 && timeout < 2 ** 31)) {
    throw new BrowserError(
      "timeout-invalid",
      `A timeout is milliseconds above 0 and below 2^31, such as 10000; “${timeout}” is not. Leave it out for what browsers do.`,
    );
  }
}
