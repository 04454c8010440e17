import type { AsyncPolicy } from "@corsac/server";
import type { AsyncCrossOriginProtection } from "@corsac/server/cross-origin-protection";
import type { CacheStore } from "../cache/cache-store.ts";

/** Which paths a route is for. */
export interface PathPattern {
  /** As written, such as `/books/*`. */
  readonly text: string;
  /** The path without `/*`: `/books`, and the empty string for `/*`. Also the whole of an exact path. */
  readonly base: string;
  /** Whether everything below `base` belongs to it as well as `base` itself. */
  readonly below: boolean;
}

/** Which host names a route, or a list of hosts, is for. */
export interface HostPattern {
  /** In lower case, without port; addresses of IPv6 in brackets. Without the `*.` of a pattern. */
  readonly name: string;
  /** Whether it stands for all names below `name`, and not for `name` itself. */
  readonly below: boolean;
}

/** A server that requests are forwarded to. */
export interface UpstreamTarget {
  readonly kind: "upstream";
  /** `http:` or `https:`, without credentials, query and fragment. */
  readonly url: URL;
  /** The part of a request's path which the path of `url` replaces; empty when the path is kept as it is. */
  readonly prefix: string;
}

/** An answer that the gateway makes up. */
export interface MockTarget {
  readonly kind: "mock";
  readonly status: number;
  /** Names in lower case. A `content-type` is among them if there is content. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Seconds to wait before answering. */
  readonly delay: number;
}

/** Where a cache keeps its responses. */
export type CacheStoreConfiguration =
  | { readonly kind: "memory" }
  | { readonly kind: "sqlite"; readonly file: string }
  | { readonly kind: "redis"; readonly url: string }
  | { readonly kind: "custom"; readonly store: CacheStore };

/**
 * A cache. Routes that take it from the options around them have the same object, and are to share one store; equal
 * stores of other objects (one file, one Redis) are shared as well.
 */
export interface CacheConfiguration {
  readonly store: CacheStoreConfiguration;
  /** Of all that memory may hold, in bytes. */
  readonly maxBytes: number;
  /** Of one response's content, in bytes. */
  readonly maxEntryBytes: number;
  /** How long a request waits for the same one under way, in seconds. */
  readonly maxWait: number;
}

/** When a request is sent a second time. */
export interface RetryConfiguration {
  readonly statuses: readonly (502 | 503 | 504)[];
  readonly idempotencyKey: boolean;
  readonly maxBodyBytes: number;
  /** In seconds. */
  readonly maxRetryAfter: number;
}

/** What is changed in responses. */
export interface RewriteConfiguration {
  readonly location: boolean;
  readonly cookies: boolean;
}

/** Times in seconds. */
export interface TimeoutConfiguration {
  readonly connect: number;
  readonly response: number;
  readonly idle: number;
}

/** What happens to a request once it is known where it goes. */
export interface RouteSettings {
  /** Who may read the responses; null leaves CORS to the upstream. */
  readonly policy: AsyncPolicy | null;
  /** Null: unsafe requests of other origins are not refused. */
  readonly protection: AsyncCrossOriginProtection | null;
  readonly cache: CacheConfiguration | null;
  readonly retries: RetryConfiguration | null;
  readonly rewrite: RewriteConfiguration;
  readonly timeouts: TimeoutConfiguration;
  /** Whether the upstream may be at an address that is not public. */
  readonly privateAddresses: boolean;
  readonly forwardOrigin: boolean;
  /** Fields to set in requests to the upstream; names in lower case. Values are secrets. */
  readonly requestHeaders: Readonly<Record<string, string>>;
}

/** What happens to the requests of one path and host. */
export interface RouteConfiguration extends RouteSettings {
  readonly path: PathPattern;
  /** Null: every host that the gateway answers to. */
  readonly host: HostPattern | null;
  /** As on the wire; null: every method. */
  readonly methods: readonly string[] | null;
  readonly target: UpstreamTarget | MockTarget;
}

/** Origins which open mode may forward to. */
export interface OriginPattern {
  readonly scheme: "http" | "https";
  readonly host: HostPattern;
  /** Also when it is the default port of the scheme; null: every port. */
  readonly port: number | null;
}

/** Any URL of some origins as upstream, named in the path. */
export interface OpenConfiguration extends RouteSettings {
  readonly allow: readonly OriginPattern[];
}

/** Sizes in bytes, times in seconds. */
export interface LimitConfiguration {
  readonly headerBytes: number;
  readonly bodyBytes: number;
  readonly requestTime: number;
  readonly inFlight: number;
  readonly rate: { readonly requests: number; readonly window: number } | null;
}

/** HTTPS with a certificate made for development, or with that of two PEM files. */
export type TlsConfiguration =
  | { readonly kind: "development" }
  | { readonly kind: "files"; readonly key: string; readonly certificate: string };

/** Where the gateway listens. */
export interface ListenConfiguration {
  readonly port: number;
  readonly address: string;
  readonly tls: TlsConfiguration | null;
}

/** What the gateway tells about itself; null: nothing. */
export interface ObservationConfiguration {
  /** A file, or `-` for standard output. */
  readonly accessLog: string | null;
  /** A path of the gateway. */
  readonly metrics: string | null;
  /** A file. */
  readonly har: string | null;
}

/** The options of a gateway, completely checked: nothing is optional, nothing is raw. */
export interface GatewayConfiguration {
  /** In the order written. At least one, unless `open` is there. */
  readonly routes: readonly RouteConfiguration[];
  readonly open: OpenConfiguration | null;
  /** Who may read that there is nothing where no route is: the policy beside the routes. */
  readonly policy: AsyncPolicy | null;
  /** Which hosts clients may call the gateway by. */
  readonly hosts: readonly HostPattern[];
  readonly limits: LimitConfiguration;
  readonly listen: ListenConfiguration;
  readonly observe: ObservationConfiguration;
}
