import type { AsyncPolicy, PolicyOptions } from "@corsac/server";
import type { CrossOriginProtectionOptions } from "@corsac/server/cross-origin-protection";
import type { CacheStore } from "../cache/cache-store.ts";

/** What is kept, and for how long. All times in seconds, all sizes in bytes. */
export interface CacheOptions {
  /** Where: `memory` (default), a SQLite file, a Redis for several gateways, or a store of your own. */
  readonly store?: "memory" | { readonly sqlite: string } | { readonly redis: string } | CacheStore;
  /** All that the memory store may hold; default 64 MiB. */
  readonly maxBytes?: number;
  /** The longest response content that is kept; default 5 MiB. */
  readonly maxEntryBytes?: number;
  /** How long a request waits for the same one under way before it goes out itself; default 5. */
  readonly maxWait?: number;
}

/** When a request is sent a second time; never a third time. */
export interface RetryOptions {
  /** Also after these statuses, with regard to `Retry-After`; default none, of 502, 503 and 504. */
  readonly statuses?: readonly (502 | 503 | 504)[];
  /** Whether the upstream honours `Idempotency-Key`, so that a POST or PATCH that carries one may be sent again; default false. */
  readonly idempotencyKey?: boolean;
  /** The longest content that is kept for a second attempt, in bytes; default 64 KiB. */
  readonly maxBodyBytes?: number;
  /** The longest `Retry-After` that is waited for, in seconds; default 2. */
  readonly maxRetryAfter?: number;
}

/** What is changed in responses so that an upstream of another origin works under the gateway's. */
export interface RewriteOptions {
  /** `Location` and `Content-Location` into the upstream become ones into the gateway; default true. */
  readonly location?: boolean;
  /** `Set-Cookie`: Domain is dropped, Path follows the route, Secure, SameSite and Partitioned fit the gateway's scheme; default true. */
  readonly cookies?: boolean;
}

/** Times in seconds. */
export interface TimeoutOptions {
  /** To connect to the upstream; default 10. */
  readonly connect?: number;
  /** Until the upstream's response begins; default 60. */
  readonly response?: number;
  /** Between two pieces of the upstream's response; default 300. */
  readonly idle?: number;
}

/** An answer of the gateway itself, for a service that does not exist yet. */
export interface MockOptions {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Seconds to wait before answering; default 0. */
  readonly delay?: number;
}

/** What happens to the requests of one path and host. */
export interface RouteOptions {
  /** Begins with `/`; `/books` is this path alone, `/books/*` everything below it, too. Default `/*`. */
  readonly path?: string;
  /** A host name without port, with `*.` before it for all names below; default any that the gateway answers to. */
  readonly host?: string;
  /** Methods that the route is for; default all. */
  readonly methods?: readonly string[];
  /** `http:` or `https:` URL; its path goes before what `*` stands for. Either this or `mock`. */
  readonly upstream?: string;
  readonly mock?: MockOptions;
  /** Who may read the responses; null leaves CORS to the upstream. */
  readonly policy?: AsyncPolicy | PolicyOptions | null;
  /** Refuses unsafe requests of origins that the policy does not name; default true with a policy that names some. */
  readonly protection?: boolean | CrossOriginProtectionOptions;
  /** Default false. */
  readonly cache?: boolean | CacheOptions;
  /** Default true. */
  readonly retries?: boolean | RetryOptions;
  /** Default true. */
  readonly rewrite?: boolean | RewriteOptions;
  readonly timeouts?: TimeoutOptions;
  /**
   * Whether the upstream may be at an address that is not public: loopback, private, link-local and the like. Default:
   * true if its URL names such an address or a local name literally, since whoever wrote it meant it; false otherwise.
   */
  readonly privateAddresses?: boolean;
  /** Sends the client's `Origin` to the upstream, which then decides by it as well; default false, with a policy. */
  readonly forwardOrigin?: boolean;
  /** Fields to set in requests to the upstream, such as its key; never shown in logs. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
}

/**
 * Any URL as upstream, named in the path: `/https://api.example/books`. What is set beside it holds for these as well,
 * but for `requestHeaders`: a key is not for every origin of a list.
 */
export interface OpenOptions {
  /** Origins, with `https://*.example` for all names below; there is no way to allow every origin. */
  readonly allow: readonly string[];
}

/** Sizes in bytes, times in seconds. */
export interface LimitOptions {
  /** Of all request header fields together; default 16 KiB. */
  readonly headerBytes?: number;
  /** Of a request's content; default 10 MiB. */
  readonly bodyBytes?: number;
  /** For a request's header fields and content to arrive; default 300. */
  readonly requestTime?: number;
  /** Requests at work at the same time, and as many upgraded connections; default 1000. */
  readonly inFlight?: number;
  /** Requests of one client address in a window; default none. */
  readonly rate?: { readonly requests: number; readonly window: number };
}

/** Where the gateway listens. */
export interface ListenOptions {
  /** Default 8080; 0 takes a free one. */
  readonly port?: number;
  /** An address; default `127.0.0.1`. Others open the gateway to the network. */
  readonly address?: string;
  /** HTTPS and HTTP/2: `true` makes a certificate for development, or the files in PEM. Default false. */
  readonly tls?: boolean | { readonly key: string; readonly certificate: string };
}

/** What the gateway tells about itself. */
export interface ObservationOptions {
  /** A line of JSON for every request: `-` for standard output, or a file. Default none. */
  readonly accessLog?: string;
  /** A path at which Prometheus finds counters, such as `/-/metrics`; default none. */
  readonly metrics?: string;
  /** A file that gets all exchanges as a HAR, secrets redacted; default none. */
  readonly har?: string;
}

/**
 * A gateway: one route by itself, or several in `routes`, where the most specific path wins and the members of a single
 * route beside it are the defaults of each.
 */
export interface GatewayOptions extends RouteOptions {
  /** Where `gateway.schema.json` is; for editors only. */
  readonly $schema?: string;
  readonly routes?: readonly RouteOptions[];
  readonly open?: OpenOptions;
  /** Host names that clients may call the gateway by; default loopback names and addresses (against DNS rebinding). */
  readonly hosts?: readonly string[];
  readonly limits?: LimitOptions;
  readonly listen?: ListenOptions;
  readonly observe?: ObservationOptions;
}
