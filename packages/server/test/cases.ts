import { definePolicy, type Policy } from "../src/index.ts";
import { type Behaviour, behaviours, bodyLimit, type Harness, type Mount } from "./application.ts";
import type { Question } from "./cors-client.ts";

/** An origin that the policies allow, and one that they do not. */
export const allowedOrigin = "https://app.example";
export const deniedOrigin = "https://evil.example";

/** The policy of most cases, in which every option shows. */
export function mainPolicy(): Policy {
  return definePolicy({
    origins: [allowedOrigin, "https://*.partner.example"],
    credentials: true,
    methods: ["PUT", "DELETE"],
    requestHeaders: ["Content-Type", "X-Request-Id"],
    exposedHeaders: ["ETag"],
    maxAge: 600,
    timing: true,
    resourcePolicy: "cross-origin",
  });
}

/** The servers that the cases need: one with the main policy, one with cross-origin protection as well. */
export function mountsOfCases(): { readonly policy: readonly Mount[]; readonly protection: readonly Mount[] } {
  const policy = mainPolicy();
  return {
    policy: [{ path: "", policies: [mainPolicy()] }],
    protection: [{ path: "", policies: [policy], protection: { policy, alsoProtect: ["/vary"] } }],
  };
}

type HeaderSet = Readonly<Record<string, string>>;

/** One request and all that matters in the answer. */
export interface Case {
  readonly title: string;
  readonly question: Question;
  /** Left out where it is the framework's choice. */
  readonly status?: number | readonly number[];
  /** Exactly these of the headers that have to do with CORS and caches. */
  readonly headers: HeaderSet;
}

const resourcePolicy = { "cross-origin-resource-policy": "cross-origin" };

/** What every response has, `Vary` apart, by the origin of the request. */
const grantedTo = (origin: string): HeaderSet => ({
  "access-control-allow-origin": origin,
  "access-control-allow-credentials": "true",
  "access-control-expose-headers": "ETag",
  "timing-allow-origin": origin,
  ...resourcePolicy,
});

interface Requester {
  readonly title: string;
  readonly origin?: string;
  readonly headers: HeaderSet;
}

const requesters: readonly Requester[] = [
  { title: "no origin", headers: resourcePolicy },
  { title: "an allowed origin", origin: allowedOrigin, headers: grantedTo(allowedOrigin) },
  {
    title: "an origin by pattern",
    origin: "https://a.partner.example",
    headers: grantedTo("https://a.partner.example"),
  },
  { title: "a denied origin", origin: deniedOrigin, headers: resourcePolicy },
  { title: "the null origin", origin: "null", headers: resourcePolicy },
];

const originHeader = (origin: string | undefined): HeaderSet => (origin === undefined ? {} : { origin });

/** What the application may do must not change the headers: every behaviour, from every origin. */
function behaviourCases(behaviour: Behaviour): readonly Case[] {
  const { vary, ...expected } = behaviours[behaviour];
  const status = "status" in expected ? expected.status : 200;
  return requesters.flatMap(({ title, origin, headers }) => {
    const questions: [string, Question][] =
      behaviour === "json"
        ? [
            ["malformed JSON", { method: "POST", path: "/json", body: "{" }],
            ["a body too large", { method: "POST", path: "/json", body: JSON.stringify("x".repeat(bodyLimit)) }],
          ]
        : [[behaviour, { path: `/${behaviour}` }]];
    return questions.map(([what, question]) => ({
      title: `${what}, ${title}`,
      question: {
        ...question,
        headers: {
          ...originHeader(origin),
          ...(question.body === undefined ? {} : { "content-type": "application/json" }),
        },
      },
      status,
      headers: { ...headers, vary },
    }));
  });
}

/** Paths that no route has, and HEAD. */
function routingCases({ missing, malformed }: { missing: number; malformed: number }): readonly Case[] {
  return requesters.flatMap(({ title, origin, headers }) => {
    const common = { headers: { ...headers, vary: "Origin" } };
    const request = { headers: originHeader(origin) };
    return [
      {
        title: `a path that is not there, ${title}`,
        question: { path: "/missing", ...request },
        status: missing,
        ...common,
      },
      {
        title: `a malformed path, ${title}`,
        question: { path: "/param/%zz", ...request },
        status: malformed,
        ...common,
      },
      { title: `HEAD, ${title}`, question: { method: "HEAD", path: "/text", ...request }, status: 200, ...common },
      { title: `PUT, ${title}`, question: { method: "PUT", path: "/text", ...request }, status: 200, ...common },
    ];
  });
}

const preflight = (origin: string, method: string, names?: string): HeaderSet => ({
  origin,
  "access-control-request-method": method,
  ...(names === undefined ? {} : { "access-control-request-headers": names }),
});

const preflightGrant: HeaderSet = {
  "access-control-allow-origin": allowedOrigin,
  "access-control-allow-credentials": "true",
  "access-control-max-age": "600",
  vary: "Origin",
};

/** A preflight is answered before anything else; all other OPTIONS requests are the application's. */
export const optionsCases: readonly (Case & { readonly reachesApplication: boolean })[] = [
  {
    title: "a preflight is granted",
    question: { headers: preflight(allowedOrigin, "PUT", "content-type,x-request-id") },
    status: 204,
    headers: {
      ...preflightGrant,
      "access-control-allow-methods": "PUT",
      "access-control-allow-headers": "content-type,x-request-id",
    },
    reachesApplication: false,
  },
  {
    title: "a preflight of a safelisted method is granted",
    question: { headers: preflight(allowedOrigin, "POST", "content-type") },
    status: 204,
    headers: { ...preflightGrant, "access-control-allow-headers": "content-type" },
    reachesApplication: false,
  },
  {
    title: "a preflight is refused for its origin",
    question: { headers: preflight(deniedOrigin, "PUT") },
    status: 403,
    headers: { vary: "Origin" },
    reachesApplication: false,
  },
  {
    title: "a preflight is refused for its method",
    question: { headers: preflight(allowedOrigin, "PATCH") },
    status: 403,
    headers: { vary: "Origin" },
    reachesApplication: false,
  },
  {
    title: "a preflight is refused for a header",
    question: { headers: preflight(allowedOrigin, "PUT", "x-other") },
    status: 403,
    headers: { vary: "Origin" },
    reachesApplication: false,
  },
  {
    title: "OPTIONS without Access-Control-Request-Method is no preflight",
    question: { headers: { origin: allowedOrigin } },
    status: 200,
    headers: { ...grantedTo(allowedOrigin), vary: "Origin" },
    reachesApplication: true,
  },
  {
    title: "OPTIONS without Origin is no preflight",
    question: { headers: { "access-control-request-method": "PUT" } },
    status: 200,
    headers: { ...resourcePolicy, vary: "Origin" },
    reachesApplication: true,
  },
  {
    title: "bare OPTIONS is no preflight",
    question: {},
    status: 200,
    headers: { ...resourcePolicy, vary: "Origin" },
    reachesApplication: true,
  },
].map((row) => ({ ...row, question: { method: "OPTIONS", path: "/text", ...row.question } }));

/** Every question about one policy for all. */
export function policyCases({ lacks, statuses }: Pick<Harness, "lacks" | "statuses">): readonly Case[] {
  const names = Object.keys(behaviours) as Behaviour[];
  const ofBehaviours = names.filter((name) => !lacks.includes(name)).flatMap(behaviourCases);
  return [...ofBehaviours, ...routingCases(statuses)];
}

/** What cross-origin protection makes of a PUT, which trusts the origins of the main policy. */
export const protectionCases: readonly (Case & { readonly code: string | null })[] = [
  {
    title: "a PUT of another site is refused, and its page may not read why",
    question: { headers: { origin: deniedOrigin, "sec-fetch-site": "cross-site" } },
    status: 403,
    headers: { ...resourcePolicy, vary: "Origin" },
    code: "sec-fetch-site",
  },
  {
    title: "a PUT of an untrusted origin is refused, where the browser sends no Sec-Fetch-Site",
    question: { headers: { origin: deniedOrigin } },
    status: 403,
    headers: { ...resourcePolicy, vary: "Origin" },
    code: "cross-origin",
  },
  {
    title: "a PUT of an origin that the policy names goes on",
    question: { headers: { origin: allowedOrigin, "sec-fetch-site": "cross-site" } },
    status: 200,
    headers: { ...grantedTo(allowedOrigin), vary: "Origin" },
    code: null,
  },
  {
    title: "a PUT of the application's own page goes on",
    question: { headers: { origin: deniedOrigin, "sec-fetch-site": "same-origin" } },
    status: 200,
    headers: { ...resourcePolicy, vary: "Origin" },
    code: null,
  },
  {
    title: "a PUT of no browser goes on",
    question: {},
    status: 200,
    headers: { ...resourcePolicy, vary: "Origin" },
    code: null,
  },
  {
    title: "a path that is also protected varies by what the browser says",
    question: { method: "GET", path: "/vary", headers: { "sec-fetch-site": "same-origin" } },
    status: 200,
    headers: {
      ...resourcePolicy,
      vary: "Accept-Language, Origin, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest",
    },
    code: null,
  },
  {
    title: "a GET of a path that is also protected is refused",
    question: {
      method: "GET",
      path: "/vary",
      headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
    },
    status: 403,
    headers: { ...resourcePolicy, vary: "Origin, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest" },
    code: "sec-fetch-site",
  },
].map((row) => ({ ...row, question: { method: "PUT", path: "/text", ...row.question } }));

/** What a page may read, as a browser has it. */
export interface PageCase {
  readonly title: string;
  /** The page's URL; for a sandboxed frame in it, `sandboxed`. */
  readonly from: string | { readonly sandboxed: string };
  readonly path: string;
  readonly init?: Readonly<{
    method?: string;
    headers?: Record<string, string>;
    credentials?: "include";
    body?: string;
  }>;
  /** The status that the page reads, or why it reads nothing. */
  readonly want: number | string;
}

const appPage = `${allowedOrigin}/`;

/** The same from the other side: pages of a browser that enforces the standard. */
export const pageCases: readonly PageCase[] = [
  { title: "an allowed page reads", from: appPage, path: "/text", want: 200 },
  { title: "with credentials too", from: appPage, path: "/text", init: { credentials: "include" }, want: 200 },
  { title: "an allowed page reads errors", from: appPage, path: "/throw-error", want: 500 },
  { title: "an allowed page reads what came early", from: appPage, path: "/early", want: 401 },
  { title: "an allowed page changes", from: appPage, path: "/text", init: { method: "PUT" }, want: 200 },
  {
    title: "an allowed page sends the headers of the policy",
    from: appPage,
    path: "/text",
    init: {
      method: "PUT",
      headers: { "content-type": "application/json", "x-request-id": "1" },
      credentials: "include",
      body: "{}",
    },
    want: 200,
  },
  {
    title: "no other header",
    from: appPage,
    path: "/text",
    init: { headers: { "x-other": "1" } },
    want: "allow-origin-missing",
  },
  { title: "an allowed page follows a redirect", from: appPage, path: "/redirect", want: 200 },
  { title: "a page of a pattern reads", from: "https://a.partner.example/", path: "/text", want: 200 },
  { title: "a denied page reads nothing", from: `${deniedOrigin}/`, path: "/text", want: "allow-origin-missing" },
  {
    title: "even if the application would let it",
    from: `${deniedOrigin}/`,
    path: "/foreign",
    want: "allow-origin-missing",
  },
  {
    title: "a denied page changes nothing",
    from: `${deniedOrigin}/`,
    path: "/text",
    init: { method: "PUT" },
    want: "allow-origin-missing",
  },
  {
    title: "a sandboxed frame of an allowed page reads nothing",
    from: { sandboxed: appPage },
    path: "/text",
    want: "allow-origin-missing",
  },
];
