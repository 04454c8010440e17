/** A response as it is kept for those who ask again. */
export interface StoredResponse {
  readonly status: number;
  /** Names in lower case; without those that belong to a connection or to one exchange. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Null when it was longer than the limit: then it is known that the request was carried out, and how it ended. */
  readonly body: Uint8Array | null;
}

/** What a store says to somebody who wants to carry a request out. */
export type Beginning =
  /** Nobody else does; the lease is taken. Attempts before this one (which is 1 at first) died without an answer. */
  | { readonly state: "begun"; readonly attempt: number }
  /** Somebody else does, or has died with another payload in hand. */
  | { readonly state: "running"; readonly fingerprint: string }
  | { readonly state: "completed"; readonly fingerprint: string; readonly response: StoredResponse };

/** What is needed to begin. */
export interface BeginOptions {
  /** Of the request: a retry has the same. */
  readonly fingerprint: string;
  /** Who asks; no two attempts have the same. */
  readonly token: string;
  /** Milliseconds until somebody else may begin, unless it is renewed. */
  readonly lease: number;
  /** Milliseconds until the key is forgotten. */
  readonly ttl: number;
}

/**
 * Remembers which requests have been begun and how they ended. Each call is atomic, also among processes.
 *
 * Whoever holds the lease of an id may renew it, complete it or release it. When a lease has run out, its holder is taken
 * for dead and the next one with the same fingerprint begins; the late holder's calls then have no effect.
 */
export interface IdempotencyStore {
  /** Takes the lease of an id (64 hexadecimal digits), or tells who has it. */
  begin(id: string, options: BeginOptions): Promise<Beginning>;
  /** Makes the lease last for another `lease` milliseconds. False when it is lost. */
  renew(id: string, token: string, lease: number): Promise<boolean>;
  /** Stores the response for `ttl` milliseconds and ends the lease. False when it is lost; nothing is stored then. */
  complete(id: string, token: string, response: StoredResponse, ttl: number): Promise<boolean>;
  /** Ends the lease and forgets the id, so that the request may be sent again. */
  release(id: string, token: string): Promise<void>;
}

/** Writes a response as text, for stores that keep texts. */
export function serializeResponse({ status, headers, body }: StoredResponse): string {
  return JSON.stringify({ status, headers, body: body === null ? null : Buffer.from(body).toString("base64") });
}

/** Reads what `serializeResponse` wrote. */
export function parseResponse(text: string): StoredResponse {
  const { status, headers, body } = JSON.parse(text);
  return { status, headers, body: body === null ? null : new Uint8Array(Buffer.from(body, "base64")) };
}
