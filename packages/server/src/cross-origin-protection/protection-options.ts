import type { AsyncPolicy } from "../policy/policy.ts";

/** What cross-origin protection takes into account besides the request. Everything may be left out. */
export interface CrossOriginProtectionOptions<P extends AsyncPolicy = AsyncPolicy> {
  /** The origins that this policy names are trusted. `*` names nobody. */
  readonly policy?: P;
  /**
   * Origins whose pages may send any request, such as `https://app.example`: exactly as browsers write them, no
   * patterns. For those whose pages may also read the answers, use `policy`.
   */
  readonly trustedOrigins?: readonly string[];
  /**
   * The origins under which browsers know this application. Recommended in production: it withstands DNS rebinding and
   * needs no `Host` that a proxy may have changed. Without it an origin is this application's if its host is the
   * request's.
   */
  readonly publicOrigins?: readonly string[];
  /**
   * Raw paths that are not checked, because something else protects them, such as a signature: `/hooks/payment` is that
   * path only, `/hooks/*` all below. They are compared with the request target as it came, never decoded.
   */
  readonly bypass?: readonly string[];
  /** Raw paths whose GET and HEAD requests are checked too, unless they are top-level navigations. As in `bypass`. */
  readonly alsoProtect?: readonly string[];
  /** Refuse unsafe requests with a cookie that tell nothing about where they come from. Default false. */
  readonly strict?: boolean;
  /** Trust all origins of the same site, such as all subdomains. Default false. */
  readonly allowSameSite?: boolean;
  /**
   * Believe `X-Forwarded-Host` and `X-Forwarded-Proto`. Only if a proxy in front replaces both: anybody can send them.
   * Default false.
   */
  readonly trustProxy?: boolean;
  /**
   * Take `X-HTTP-Method-Override`, `X-HTTP-Method`, `X-Method-Override` and `_method` in the query for the method, if
   * it is an unsafe one. Set it where the application honours them. Default false.
   */
  readonly methodOverride?: boolean;
  /** Refuse unsafe requests whose body is not declared as JSON, for applications that parse any body as JSON. Default false. */
  readonly requireJsonContentType?: boolean;
  /** Refuse nothing, only count and log what would be refused. Default false. */
  readonly reportOnly?: boolean;
  /** Is given a line of text for each refusal, such as `console.warn`. It quotes the request, escaped. */
  readonly log?: (line: string) => void;
}
