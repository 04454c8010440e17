/** What a request of a case is like. */
export interface Case {
  readonly name: "no Origin" | "allowed GET" | "preflight" | "denied GET" | "10,000 origins" | "8 KB of commas";
  /** Which of {@link policies} it is for. */
  readonly policy: "three" | "many";
  readonly method: "GET" | "OPTIONS";
  /** Values of `Origin`, in turn. */
  readonly origins: readonly string[];
  /** The value of `Access-Control-Request-Headers`. */
  readonly requestHeaders?: string;
  /** Whether corsac is to grant what is asked. The peers never look at what a preflight asks for. */
  readonly isAllowed: boolean;
}

/** All of one length, as a comparison that begins with the length would otherwise skip most of them. */
const tenants = Array.from({ length: 10_000 }, (_, index) => `https://tenant-${index + 10_000}.example`);

/** The origins of the two policies; all else is the same. */
export const policies = {
  three: ["https://app.example", "https://www.shop.example", "https://admin.shop.example"],
  many: tenants,
} as const satisfies Record<string, readonly string[]>;

/** What the policies have in common. */
export const rest = {
  methods: ["GET", "PUT"],
  requestHeaders: ["Content-Type", "X-Request-Id"],
  exposedHeaders: ["ETag"],
  maxAge: 600,
} as const;

const three = { policy: "three", origins: policies.three } as const;
const names = "content-type,x-request-id";

/** The cases. As many different origins with 10,000 as with 3: how many there are is to be measured, not a cache. */
export const cases: readonly Case[] = [
  { ...three, name: "no Origin", method: "GET", origins: [], isAllowed: false },
  { ...three, name: "allowed GET", method: "GET", isAllowed: true },
  { ...three, name: "preflight", method: "OPTIONS", requestHeaders: names, isAllowed: true },
  { ...three, name: "denied GET", method: "GET", origins: ["https://evil.example.net"], isAllowed: false },
  { name: "10,000 origins", policy: "many", method: "GET", origins: tenants.slice(-3), isAllowed: true },
  { ...three, name: "8 KB of commas", method: "OPTIONS", requestHeaders: ",".repeat(8192), isAllowed: false },
];

/** Makes what yields the next request headers of a case. */
export function requestHeadersOf({ method, origins, requestHeaders }: Case): () => Record<string, string> {
  const bytes = origins.map((origin) => Buffer.from(origin, "latin1"));
  const asked = requestHeaders === undefined ? null : Buffer.from(requestHeaders, "latin1");
  let next = 0;
  return () => {
    const headers: Record<string, string> = { host: "api.example", accept: "application/json" };
    const origin = bytes[next];
    next = next + 1 < bytes.length ? next + 1 : 0;
    // New strings, as a parser makes them: their hashes are not known yet.
    if (origin !== undefined) headers.origin = origin.toString("latin1");
    if (method === "OPTIONS") headers["access-control-request-method"] = "PUT";
    if (asked !== null) headers["access-control-request-headers"] = asked.toString("latin1");
    return headers;
  };
}
