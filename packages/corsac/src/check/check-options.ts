import type { CredentialsMode, ProfileName, RedirectMode } from "@corsac/protocol";

/** What to check, and how. Only the URL and the origin have to be given. */
export interface CheckOptions {
  /** The absolute http or https URL that a page fetches. */
  readonly url: string | URL;
  /** The serialized origin of the page that fetches, such as `https://app.example`, or `null` for a sandboxed page. */
  readonly origin: string;
  /** Default `GET`, or `POST` with a body. The case is kept: browsers normalise six methods only. */
  readonly method?: string;
  /** Request headers that the page's script sets. */
  readonly headers?: Iterable<readonly [name: string, value: string]> | Readonly<Record<string, string>>;
  /** Default `same-origin`, as for `fetch()`; `include` when cookies are given. */
  readonly credentials?: CredentialsMode;
  /** Cookies that the browser has for the URL, such as `sid=1; theme=dark`. */
  readonly cookie?: string;
  /** Sent as `text/plain;charset=UTF-8`, as `fetch()` does with a string, unless the headers have a `Content-Type`. */
  readonly body?: string;
  /** Default `cors`. */
  readonly mode?: "cors" | "no-cors" | "same-origin";
  /** Default `follow`. */
  readonly redirect?: RedirectMode;
  /** Whose rules decide. Default `standard`. */
  readonly browser?: ProfileName;
  /** Whether a request with an unsafe method is really sent, once its preflight allows it. Default `false`. */
  readonly send?: boolean;
  /** Whether further safe requests may look for what a page would meet next: caches, later steps. Default `true`. */
  readonly probe?: boolean;
  /** Response headers that the page's script wants to read. */
  readonly readHeaders?: readonly string[];
  /** Seconds from sending a request to the head of its response, up to 86400. Default 30. */
  readonly timeout?: number;
  /** An HTTP proxy that every request goes through. */
  readonly proxy?: string;
  /** Addresses for `host:port`, such as `{ "api.example:443": "127.0.0.1" }`. A proxy finds addresses by itself. */
  readonly resolve?: Readonly<Record<string, string>>;
  /** Certificate authorities to trust (PEM), instead of those that Node trusts. */
  readonly ca?: string | Buffer;
  /** Accepts every certificate. Default `false`. */
  readonly insecure?: boolean;
  /** Whether a URL may be asked at all, be it by a redirect: for programs that check what others name. Default: every URL. */
  readonly permits?: (url: URL) => boolean;
}

/** Everything that is wrong with {@link CheckOptions}, each in one sentence that says what to write instead. */
export class CheckOptionsError extends Error {
  override readonly name = "CheckOptionsError";
  readonly issues: readonly string[];

  constructor(issues: readonly string[]) {
    super(issues.join(" "));
    this.issues = issues;
  }
}
