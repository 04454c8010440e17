import type { Readable } from "node:stream";
import type { DecisionReason } from "@corsac/server";
import type { HeaderFields } from "./header-fields.ts";

/** A request to the gateway, whichever door it came through: a socket or a call of `fetch`. */
export interface GatewayRequest {
  /** As on the wire; upper and lower case differ. */
  readonly method: string;
  readonly scheme: "http" | "https";
  /** The host and port that the client named (`Host`, `:authority`); empty when it named none. */
  readonly authority: string;
  /** Path and query as sent, beginning with `/`; `*` only for `OPTIONS`. */
  readonly target: string;
  /** The version the client speaks, as `Via` writes it: `1.0`, `1.1`, `2.0`. */
  readonly httpVersion: string;
  /** The fields that are not hop-by-hop: the doors have removed those. `te` stays only as `trailers`. */
  readonly headers: HeaderFields;
  /** The content; null when the request has none. Read at most once, by whoever answers. */
  readonly body: Readable | null;
  /** The address of the client; null when there is no socket. */
  readonly clientAddress: string | null;
  /** Where stages note what they did, for those who observe; absent when nobody does. */
  notes?: ExchangeNotes;
}

/** What happened to an exchange inside the gateway. */
export interface ExchangeNotes {
  /** The route's path as written; `open` for open mode. */
  route?: string;
  /** What the policy decided. */
  decision?: DecisionReason;
  /** Why the gateway itself answered. */
  error?: string;
  /** How often the request was sent to the upstream. */
  attempts?: number;
  /** From the first attempt to the upstream's response head, in milliseconds. */
  upstreamTime?: number;
}
