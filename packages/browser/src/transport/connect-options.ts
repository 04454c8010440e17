import type { LookupFunction } from "node:net";

/** How connections are made. Nothing is required: the defaults are those of a browser without any setting changed. */
export interface ConnectOptions {
  /** Certificate authorities to trust (PEM), instead of those that Node trusts. */
  readonly ca?: string | Buffer | ReadonlyArray<string | Buffer>;
  /** `false` accepts every certificate, as a user does who clicks the warning away. Default `true`. */
  readonly rejectUnauthorized?: boolean;
  /** Addresses for `host:port`, such as `{ "api.example:443": "127.0.0.1" }`; the names in TLS and `Host` stay. */
  readonly resolve?: Readonly<Record<string, string>>;
  /** An HTTP proxy that every request goes through, such as `http://user:password@proxy.example:3128`. */
  readonly proxy?: string;
  /** Milliseconds from sending a request to the head of its response, connecting included. Default: 90 s and 300 s. */
  readonly timeout?: number;
  /** Whether HTTP/2 is offered over TLS. Default `false`. */
  readonly http2?: boolean;
  /** Resolves the names that neither `resolve` nor the rule for `localhost` answers. Default: the system's resolver. */
  readonly lookup?: LookupFunction;
}
