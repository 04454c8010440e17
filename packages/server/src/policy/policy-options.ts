import type { OriginResolver, ResolverOptions } from "../resolver/origin-resolver.ts";

/**
 * What a policy allows across origins. All but `origins` may be left out; what is left out is not allowed.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export interface PolicyOptions extends Omit<PolicyJson, "origins"> {
  /** As in {@link PolicyJson}, or a function that tells whether an origin is allowed. */
  readonly origins: "*" | readonly string[] | OriginResolver;
  /** How the resolver is used; only together with one. */
  readonly resolver?: ResolverOptions;
}

/** A policy as JSON, for a file or for another program. `policy.schema.json` describes it to editors. */
export interface PolicyJson {
  /** Where `policy.schema.json` is; for editors only. */
  readonly $schema?: string;
  /**
   * The origins whose pages may read responses: serialized origins such as `https://app.example`; with `*.` before the
   * host all its subdomains at any depth (not the host itself); with `:*` after it any port and none. `"*"` allows all.
   *
   * @see https://fetch.spec.whatwg.org/#http-access-control-allow-origin
   */
  readonly origins: "*" | readonly string[];
  /**
   * Whether those pages may send cookies, client certificates and HTTP authentication. Default false.
   *
   * @see https://fetch.spec.whatwg.org/#http-access-control-allow-credentials
   */
  readonly credentials?: boolean;
  /**
   * Methods besides GET, HEAD and POST, which need no permission. `"*"` allows all, also with credentials. Default none.
   *
   * @see https://fetch.spec.whatwg.org/#http-access-control-allow-methods
   */
  readonly methods?: "*" | readonly string[];
  /**
   * Names of request headers that are not CORS-safelisted, such as `Content-Type` for JSON. `"*"` allows all but
   * `Authorization` (list both to have both); together with credentials it allows that too. Default none.
   *
   * @see https://fetch.spec.whatwg.org/#http-access-control-allow-headers
   */
  readonly requestHeaders?: "*" | readonly string[];
  /**
   * Names of response headers that scripts may read besides the CORS-safelisted ones. `"*"` stands for all, without
   * credentials only. Default none.
   *
   * @see https://fetch.spec.whatwg.org/#http-access-control-expose-headers
   */
  readonly exposedHeaders?: "*" | readonly string[];
  /**
   * Seconds for which browsers may keep the answer to a preflight, 0 to 86400; -1 to switch their cache off. Browsers
   * have a limit of their own (Chromium 7200, Firefox 86400, WebKit 600). Default: nothing is sent, browsers take 5.
   *
   * @see https://fetch.spec.whatwg.org/#http-access-control-max-age
   */
  readonly maxAge?: number;
  /** Status of the answer to a granted preflight, 200 to 299. Default 204. */
  readonly preflightStatus?: number;
  /** Status of the answer to a refused preflight, 200 to 299 or 400 to 499. Default 403. */
  readonly refusalStatus?: number;
  /**
   * Whether the same origins may read timing details of the responses. Default false.
   *
   * @see https://w3c.github.io/resource-timing/#sec-timing-allow-origin
   */
  readonly timing?: boolean;
  /**
   * Who may load responses without CORS, such as in an `img`: sent on every response. Default: nothing is sent.
   *
   * @see https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header
   */
  readonly resourcePolicy?: "cross-origin" | "same-origin" | "same-site";
  /** What weakens security and is refused unless it is named here. */
  readonly dangerously?: DangerousOptions;
}

/** Names what a policy is refused for otherwise. All default to false. */
export interface DangerousOptions {
  /** Let pages of every origin send credentials and read what comes back. */
  readonly anyOriginWithCredentials?: boolean;
  /** Let origins without transport security (`http:`, not on this machine) send credentials. */
  readonly insecureOriginsWithCredentials?: boolean;
  /** Let all subdomains of a public suffix such as `github.io` send credentials: anybody can register one. */
  readonly publicSuffixWithCredentials?: boolean;
  /** Let `"null"` stand among the origins: every sandboxed document and every `data:` URL has it. */
  readonly nullOrigin?: boolean;
}
