import type { PreflightReason } from "../cors/preflight-reasons.ts";
import type { HeaderList } from "../header/header-list.ts";
import type { Origin } from "../origin/origin.ts";
import type {
  CacheMode,
  Client,
  CredentialsMode,
  Destination,
  InitiatorType,
  RequestBody,
  RequestMode,
  ResponseTainting,
} from "../request/request.ts";

/**
 * One request that goes on the wire, as {@link mainFetch} yields it. The driver adds what depends on state that the
 * core does not have: cookies (when `includeCredentials`), stored responses (as `cacheMode` says), `Host`,
 * `Accept-Encoding`, `Connection` and `Content-Length`.
 */
export interface NetworkRequest {
  readonly kind: "actual" | "preflight";
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderList;
  readonly body: RequestBody | null;
  /** Whether cookies and authentication entries go along, and whether `Set-Cookie` is honoured. */
  readonly includeCredentials: boolean;
  readonly credentialsMode: CredentialsMode;
  readonly cacheMode: CacheMode;
  readonly mode: RequestMode;
  readonly destination: Destination;
  readonly initiatorType: InitiatorType;
  readonly responseTainting: ResponseTainting;
  readonly origin: Origin;
  readonly client: Client | null;
  /** All URLs of the fetch so far, this one last: `SameSite` looks at the whole chain. */
  readonly urlList: readonly URL[];
  /** Why a CORS-preflight fetch stands before this request; empty when none is needed. */
  readonly preflightReasons: readonly PreflightReason[];
  /** Whether that preflight was not needed, was sent, or was answered by the CORS-preflight cache. */
  readonly preflight: "cached" | "not-needed" | "sent";
  /** Whether a connection that is opened for it has to carry it: the one before was the wrong one (421). */
  readonly newConnection?: boolean;
}

/** Why no response came. `unknown` stands for every other failure of the transport. */
export type NetworkErrorReason =
  | "aborted"
  | "connection-closed"
  | "connection-refused"
  | "dns"
  | "http-parse"
  | "timeout"
  | "tls"
  | "unknown";

/** What the driver feeds back for a {@link NetworkRequest}. */
export type NetworkResponse =
  | {
      readonly kind: "response";
      readonly status: number;
      readonly statusText: string;
      /** As on the wire: every line one entry, in order. */
      readonly headers: HeaderList;
      /** Handed through to the filtered response; the core never looks at it. */
      readonly body: unknown;
      /** Whether a stored response answered without the server being asked. */
      readonly fromCache?: boolean;
      /** Whether the server's certificate was faulty and the user agent was told to overlook it. */
      readonly hasCertificateError?: boolean;
      /** Every header line that was really sent, cookies and connection headers included. */
      readonly sentHeaders?: HeaderList;
    }
  | {
      readonly kind: "network-error";
      readonly reason: NetworkErrorReason;
      /** One line for people, such as `connect ECONNREFUSED 127.0.0.1:4000`. */
      readonly message: string;
      readonly sentHeaders?: HeaderList;
    };

/** A request on the wire and what came back. */
export interface Exchange {
  readonly request: NetworkRequest;
  readonly response: NetworkResponse;
}
