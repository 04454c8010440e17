import {
  CorsPreflightCache,
  createOpaqueOrigin,
  createRequest,
  type FetchOutcome,
  type FetchRequest,
  type Header,
  type HeaderList,
  isCorsSafelistedMethod,
  mainFetch,
  type NetworkRequest,
  normalizeMethod,
  type Profile,
  parseOrigin,
  preflightReasons,
  profiles,
} from "@corsac/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AsyncPolicy, type Decision, definePolicy, type PolicyJson } from "../src/index.ts";
import { registrableDomain } from "../src/policy/registrable-domain.ts";

// The law: what a page may do is what the policy says, judged by the algorithms that browsers run.

const hosts = ["app.example", "a.app.example", "b.a.app.example", "shop.example", "localhost", "[::1]", "evil.example"];
const pageOrigins = [
  ...hosts.flatMap((host) => [`https://${host}`, `https://${host}:8443`, `http://${host}`, `http://${host}:3000`]),
  "null",
];
const entries = [
  ...pageOrigins.filter((origin) => origin !== "null"),
  ...hosts.slice(0, 4).flatMap((host) => [`https://*.${host}`, `https://*.${host}:*`, `http://*.${host}:3000`]),
  ...hosts.slice(0, 6).flatMap((host) => [`https://${host}:*`, `http://${host}:*`]),
];
const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "QUERY", "patch", "PURGE"];
const requestHeaders: Header[] = [
  ["Content-Type", "application/json"],
  ["Content-Type", "text/plain"],
  ["Authorization", "Bearer token"],
  ["X-Request-Id", "1"],
  ["X-Other", "1"],
  ["Accept", "text/html"],
];
const requestHeaderNames = ["Content-Type", "Authorization", "X-Request-Id", "x-other", "X-Unused"];
const exposableHeaders = ["ETag", "X-Total", "X-Secret"];

const list = (values: readonly string[]) =>
  fc.oneof({ weight: 1, arbitrary: fc.constant("*" as const) }, { weight: 4, arbitrary: fc.subarray([...values]) });

const policyJson: fc.Arbitrary<PolicyJson> = fc
  .record({
    origins: fc.oneof(
      { weight: 1, arbitrary: fc.constant("*" as const) },
      { weight: 6, arbitrary: fc.subarray([...entries, "null"], { minLength: 1, maxLength: 8 }) },
    ),
    credentials: fc.boolean(),
    methods: list(methods.filter((method) => method !== "patch")),
    requestHeaders: fc.oneof(list(requestHeaderNames), fc.constant(["*", "Authorization"]), fc.constant("*" as const)),
    exposedHeaders: list(exposableHeaders),
    maxAge: fc.option(fc.integer({ min: -1, max: 86400 }), { nil: undefined }),
    timing: fc.boolean(),
    status: fc.constantFrom(200, 204, 299),
    refusal: fc.constantFrom(200, 204, 403, 404),
  })
  .map(({ maxAge, status, refusal, exposedHeaders, ...rest }) => ({
    ...rest,
    // The one thing that no word allows.
    exposedHeaders: rest.credentials && exposedHeaders === "*" ? ["ETag"] : exposedHeaders,
    ...(maxAge !== undefined && { maxAge }),
    preflightStatus: status,
    refusalStatus: refusal,
    dangerously: {
      anyOriginWithCredentials: true,
      insecureOriginsWithCredentials: true,
      publicSuffixWithCredentials: true,
      nullOrigin: true,
    },
  }));

const fetchRequest: fc.Arbitrary<FetchRequest> = fc
  .record({
    page: fc.constantFrom(...pageOrigins),
    method: fc.constantFrom(...methods, "put"),
    headers: fc.subarray(requestHeaders, { maxLength: 4 }),
    credentialsMode: fc.constantFrom("include" as const, "omit" as const, "same-origin" as const),
    useCorsPreflight: fc.boolean(),
  })
  .map(({ page, method, ...init }) => {
    const origin = parseOrigin(page) ?? createOpaqueOrigin();
    const url = new URL("https://api.example.org/books");
    return createRequest(url, null, origin, { ...init, method: normalizeMethod(method), unsafeRequest: true });
  });

/** What an application, or another layer, may have set itself: the policy wins. */
const foreignHeaders: fc.Arbitrary<HeaderList> = fc.subarray<Header>([
  ["Access-Control-Allow-Origin", "*"],
  ["Access-Control-Allow-Origin", "https://evil.example"],
  ["Access-Control-Allow-Credentials", "true"],
  ["Access-Control-Allow-Methods", "*, PUT, PATCH"],
  ["Access-Control-Allow-Headers", "*, Authorization"],
  ["Access-Control-Expose-Headers", "X-Secret"],
  ["Access-Control-Max-Age", "86400"],
]);

function serialized({ origin }: FetchRequest): string {
  if (origin.kind === "opaque") return "null";
  return `${origin.scheme}://${origin.host}${origin.port === null ? "" : `:${origin.port}`}`;
}

/** What a policy is meant to allow, said as plainly as possible. */
function isMeantToBeAllowed(json: PolicyJson, request: FetchRequest, profile: Profile): boolean {
  const { credentials = false } = json;
  if (request.credentialsMode === "include" && !credentials) return false;
  if (!isOriginMeant(json, serialized(request))) return false;
  const reasons = preflightReasons(request, profile.requestHeaders);
  if (reasons.length === 0) return true;
  const allowedMethods = [json.methods ?? []].flat();
  if (!isCorsSafelistedMethod(request.method) && !allowedMethods.includes("*")) {
    if (!allowedMethods.includes(request.method)) return false;
  }
  const allowedNames = [json.requestHeaders ?? []].flat().map((name) => name.toLowerCase());
  return reasons.every((reason) => {
    if (reason.kind !== "header" || allowedNames.includes(reason.name)) return true;
    // Browsers hold that `*` covers Authorization; the policy does not, and says so by refusing.
    return allowedNames.includes("*") && (reason.name !== "authorization" || credentials);
  });
}

function isOriginMeant({ origins }: PolicyJson, page: string): boolean {
  if (origins === "*") return true;
  return origins.some((entry) => {
    if (entry === page) return true;
    const isAnyPort = entry.endsWith(":*");
    const bare = isAnyPort ? entry.slice(0, -2) : entry;
    const [scheme, host = ""] = bare.split("://");
    const [pageScheme, pageHost = ""] = (isAnyPort ? page.replace(/:\d+$/, "") : page).split("://");
    if (scheme !== pageScheme) return false;
    return host.startsWith("*.") ? pageHost.endsWith(host.slice(1)) && pageHost !== host.slice(2) : host === pageHost;
  });
}

function apply({ edits }: Decision, headers: HeaderList): Header[] {
  const replaced = new Set([...edits.remove, ...edits.set.map(([name]) => name)]);
  return [...headers.filter(([name]) => !replaced.has(name.toLowerCase())), ...edits.set];
}

/** A server with an application that allows everything itself. */
function answer(policy: AsyncPolicy, { method, headers }: NetworkRequest, foreign: HeaderList) {
  const record = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const decision = policy.decide({ method, headers: record });
  if (decision instanceof Promise) throw new Error("This policy has no resolver.");
  const body: Header[] = [
    ...foreign,
    ["ETag", '"1"'],
    ["X-Total", "7"],
    ["X-Secret", "s"],
    ["Content-Type", "text/plain"],
  ];
  const response =
    decision.kind === "pass" ? { status: 200, headers: body } : { status: decision.status, headers: foreign };
  return {
    kind: "response",
    statusText: "",
    body: null,
    status: response.status,
    headers: apply(decision, response.headers),
  } as const;
}

function fetchFrom(policy: AsyncPolicy, request: FetchRequest, profile: Profile, foreign: HeaderList): FetchOutcome {
  const context = {
    preflightCache: new CorsPreflightCache({ now: () => 0 }),
    registrableDomain: (host: string) => registrableDomain?.(host) ?? null,
    profile,
  };
  const fetching = mainFetch(request, context);
  let step = fetching.next();
  while (!step.done) step = fetching.next(answer(policy, step.value, foreign));
  return step.value;
}

describe.each(Object.values(profiles))("under the rules of $name", (profile) => {
  test("a page may do what the policy allows, and nothing else", () => {
    let allowed = 0;
    fc.assert(
      fc.property(policyJson, fetchRequest, foreignHeaders, (json, request, foreign) => {
        const outcome = fetchFrom(definePolicy(json), request, profile, foreign);
        const isAllowed = outcome.kind === "response";
        expect({ isAllowed, problem: isAllowed ? null : outcome.problem }).toMatchObject({
          isAllowed: isMeantToBeAllowed(json, request, profile),
        });
        if (!isAllowed) return;
        allowed += 1;
        const exposed = new Set([json.exposedHeaders ?? []].flat());
        for (const name of exposableHeaders) {
          const isVisible = outcome.response.headers.some(([visible]) => visible.toLowerCase() === name.toLowerCase());
          expect([name, isVisible]).toEqual([name, exposed.has(name) || exposed.has("*")]);
        }
      }),
      { numRuns: 1500 },
    );
    // The law would also hold if nothing were ever allowed.
    expect(allowed).toBeGreaterThan(50);
  });

  test("each preflight is granted or refused, and nothing else is taken for one", () => {
    fc.assert(
      fc.property(policyJson, fetchRequest, (json, request) => {
        const policy = definePolicy(json);
        const { exchanges } = fetchFrom(policy, request, profile, []);
        const { preflight, refuse, pass } = policy.counters;
        const refused = Object.values(refuse).reduce((sum, count) => sum + count, 0);
        const sent = exchanges.filter((exchange) => exchange.request.kind === "preflight");
        expect(preflight.granted + refused).toBe(sent.length);
        expect(pass["no-origin"]).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
