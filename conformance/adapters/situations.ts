import type { Behaviour } from "../../packages/server/test/application.ts";
import type { HeaderPair, Step } from "../verdicts/verdict.ts";
import type { PageName } from "./pages.ts";

/** What becomes of the last step of a situation, if policy and browser do what they should. */
export interface Wanted {
  /**
   * The status that the script reads, or what it gets instead; `readable` where the framework chooses the status, `by
   * browser` where browsers differ.
   */
  readonly result: number | "by browser" | "error" | "load" | "opaque" | "readable";
  readonly body?: string;
  /** Headers that the script reads, and `null` for those that it does not. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** The requests of all steps, and how the server answered: `OPTIONS 204`. A `*` is the framework's choice. */
  readonly requests: readonly string[];
}

/** Something that a page does with a server which has a policy. */
export interface Situation {
  readonly title: string;
  readonly from: PageName;
  /** By paths: the mount of a policy, if it is not that of the whole server, then what the application does. */
  readonly steps: readonly Step[];
  readonly want: Wanted;
}

/** What the application of a step does. */
export function behaviourOf({ url }: Step): Behaviour {
  return url.slice(url.lastIndexOf("/") + 1) as Behaviour;
}

type Init = Omit<Step, "url">;

function situation(title: string, from: PageName, url: string, want: Wanted, init: Init = {}): Situation {
  return { title, from, steps: [{ cache: "no-store", ...init, url }], want };
}

const blocked = (...requests: string[]): Wanted => ({ result: "error", requests });
const readable = (result: number | "readable", ...requests: string[]): Wanted => ({ result, requests });

const tagged: Wanted = { result: 200, body: "tagged", requests: ["GET 200"] };
const exposesEtag: Wanted = { ...tagged, headers: { etag: '"1"', "cache-control": "max-age=60", "x-version": null } };
const exposesAll: Wanted = { ...tagged, headers: { etag: '"1"', "x-version": "1" } };
const submitted = (request: string): Wanted => ({ result: "load", requests: [request] });

const put: Init = { method: "PUT" };
const json: readonly HeaderPair[] = [["Content-Type", "application/json"]];
const form: Init = { api: "form-iframe", method: "post", enctype: "text/plain" };
const post: Init = { method: "POST", body: { type: "string", text: "k=v" } };

const rowsOfReading: readonly Situation[] = [
  situation("an allowed page reads, and the exposed headers only", "app", "/tagged", exposesEtag),
  situation("no credentials unless they are asked for", "sibling", "/tagged", exposesEtag),
  situation(
    "an allowed page reads with credentials",
    "sibling",
    "/tagged",
    { ...exposesEtag, requests: ["GET 200 with cookie"] },
    { credentials: "include" },
  ),
  situation("a denied page reads nothing", "other", "/tagged", blocked("GET 200")),
  situation("a denied page reads nothing with credentials", "other", "/tagged", blocked("GET 200"), {
    credentials: "include",
  }),
  situation("a denied page reads nothing, whatever the application says", "other", "/foreign", blocked("GET 200")),
  situation("an allowed page reads in spite of what the application says", "app", "/foreign", {
    result: 200,
    body: "foreign",
    requests: ["GET 200"],
  }),
  situation("without a policy nothing is read", "app", "/none/tagged", blocked("GET 200")),
  situation("HEAD needs no preflight", "app", "/text", readable(200, "HEAD 200"), { method: "HEAD" }),
  situation("a POST of text needs no preflight", "app", "/tagged", { ...exposesEtag, requests: ["POST 200"] }, post),
  situation(
    "a page in no-cors mode gets an opaque response",
    "other",
    "/tagged",
    {
      result: "opaque",
      requests: ["GET 200"],
    },
    { mode: "no-cors" },
  ),
  situation(
    "another site gets nothing where the policy says same-site",
    "other",
    "/same-site/tagged",
    blocked("GET 200"),
    {
      mode: "no-cors",
    },
  ),
  situation(
    "the same site by address: not in Chromium",
    "sibling",
    "/same-site/tagged",
    { result: "by browser", requests: ["GET 200"] },
    {
      mode: "no-cors",
    },
  ),
];

/** Answers that are not those of a route which does well: their headers are the policy's, too. */
const rowsOfAnswers: readonly Situation[] = [
  ...(["throw-error", "throw-string", "reject"] as const).map((name) =>
    situation(`${name}: an allowed page reads that it failed`, "app", `/${name}`, readable(500, "GET 500")),
  ),
  situation("a denied page does not", "other", "/throw-error", blocked("GET 500")),
  situation("an allowed page reads that a path is not there", "app", "/missing", readable(404, "GET 404")),
  situation("a denied page does not read that a path is not there", "other", "/missing", blocked("GET 404")),
  situation("an allowed page reads what came early", "app", "/early", readable(401, "GET 401")),
  situation("an allowed page reads an empty answer", "app", "/empty", readable(204, "GET 204")),
  situation(
    "an allowed page reads that its JSON is malformed",
    "app",
    "/json",
    readable("readable", "OPTIONS 204", "POST *"),
    {
      method: "POST",
      headers: json,
      body: { type: "string", text: "{" },
    },
  ),
  situation("an allowed page follows a redirect", "app", "/redirect", {
    result: 200,
    body: "text",
    requests: ["GET 302", "GET 200"],
  }),
  situation("a denied page follows none", "other", "/redirect", blocked("GET 302")),
  situation("an allowed page reads a stream", "app", "/stream", {
    result: 200,
    body: "one, two, three",
    requests: ["GET 200"],
  }),
  situation("a denied page reads no stream", "other", "/stream", blocked("GET 200")),
  ...(["raw-object", "raw-list", "raw-reason", "raw-set", "raw-implicit", "raw-flush"] as const).flatMap((name) => [
    situation(`${name}: an allowed page reads a raw reply`, "app", `/${name}`, readable(200, "GET 200")),
    situation(`${name}: a denied page does not`, "other", `/${name}`, blocked("GET 200")),
  ]),
  situation("immutable: an allowed page reads what fetch gave", "app", "/immutable", readable(200, "GET 200")),
  situation("shared: an allowed page reads a response that others got", "app", "/shared", readable(404, "GET 404")),
  situation("shared: a denied page does not", "other", "/shared", blocked("GET 404")),
];

const rowsOfPreflights: readonly Situation[] = [
  situation(
    "a PUT with headers of the policy is granted",
    "app",
    "/text",
    { result: 200, body: "text", requests: ["OPTIONS 204", "PUT 200"] },
    { ...put, headers: [...json, ["X-Request-Id", "1"]], body: { type: "string", text: "{}" } },
  ),
  situation(
    "the preflight has no credentials, the request has",
    "sibling",
    "/text",
    readable(200, "OPTIONS 204", "PUT 200 with cookie"),
    { ...put, credentials: "include" },
  ),
  situation("a method that the policy does not name is refused", "app", "/text", blocked("OPTIONS 403"), {
    method: "PATCH",
  }),
  situation("a header that the policy does not name is refused", "app", "/text", blocked("OPTIONS 403"), {
    headers: [["X-Other", "1"]],
  }),
  situation("a denied page changes nothing", "other", "/text", blocked("OPTIONS 403"), put),
  situation(
    "OPTIONS of a script needs a preflight, and reaches the application",
    "app",
    "/text",
    {
      result: 200,
      body: "text",
      requests: ["OPTIONS 204", "OPTIONS 200"],
    },
    { method: "OPTIONS" },
  ),
  situation(
    "who listens to an upload needs a preflight",
    "app",
    "/tagged",
    {
      result: 200,
      requests: ["OPTIONS 204", "POST 200"],
    },
    { ...post, api: "xhr", uploadListener: true },
  ),
  situation(
    "a preflight is answered where nothing else would be",
    "app",
    "/missing",
    readable("readable", "OPTIONS 204", "PUT *"),
    put,
  ),
  {
    title: "a granted preflight is kept as long as the policy says",
    from: "app",
    steps: [
      { ...put, url: "/kept/text" },
      { ...put, url: "/kept/text" },
    ],
    want: { result: 200, requests: ["OPTIONS 204", "PUT 200", "PUT 200"] },
  },
];

const rowsOfOrigins: readonly Situation[] = [
  situation("everybody reads what is public", "other", "/public/tagged", exposesAll),
  situation("even a sandboxed frame", "sandboxed", "/public/tagged", exposesAll),
  situation("nobody reads it with credentials", "app", "/public/tagged", blocked("GET 200"), {
    credentials: "include",
  }),
  situation(
    "everybody may send any method and header to what is public",
    "other",
    "/public/text",
    readable(200, "OPTIONS 204", "PUT 200"),
    { ...put, headers: [["X-Any", "1"]] },
  ),
  situation("but not Authorization", "other", "/public/text", blocked("OPTIONS 403"), {
    headers: [["Authorization", "Bearer 1"]],
  }),
  situation("any port of localhost", "other", "/ports/tagged", tagged),
  situation(
    "any port of localhost, with a preflight",
    "other",
    "/ports/text",
    readable(200, "OPTIONS 204", "PUT 200"),
    put,
  ),
  situation("any port of an IPv6 address", "address6", "/ports/tagged", tagged),
  situation("127.0.0.1 is not localhost", "sibling", "/ports/tagged", blocked("GET 200")),
  situation("app.localhost is not localhost", "subdomain", "/ports/tagged", blocked("GET 200")),
  situation("any subdomain of localhost", "subdomain", "/subdomains/tagged", tagged),
  situation("localhost is no subdomain of localhost", "app", "/subdomains/tagged", blocked("GET 200")),
  situation("a sandboxed frame of an allowed page reads nothing", "sandboxed", "/tagged", blocked("GET 200")),
  situation("a sandboxed frame of an allowed page changes nothing", "sandboxed", "/text", blocked("OPTIONS 403"), put),
  situation("a policy may name null", "sandboxed", "/null/tagged", tagged),
  situation("null, with a preflight", "sandboxed", "/null/text", readable(200, "OPTIONS 204", "PUT 200"), put),
  situation("null is nobody else", "app", "/null/tagged", blocked("GET 200")),
  situation("a resolver allows", "app", "/asked/tagged", tagged),
  situation("a resolver allows a preflight", "app", "/asked/text", readable(200, "OPTIONS 204", "PUT 200"), put),
  situation("a resolver denies", "other", "/asked/tagged", blocked("GET 200")),
  situation("a resolver denies a preflight", "other", "/asked/text", blocked("OPTIONS 403"), put),
  {
    title: "Vary keeps what was cached without an origin from those who have one",
    from: "app",
    steps: [{ url: "/ports/tagged", mode: "no-cors" }, { url: "/ports/tagged" }, { url: "/ports/tagged" }],
    want: { ...tagged, requests: ["GET 200", "GET *"] },
  },
];

/** What CORS lets be sent, and cross-origin protection refuses. */
const rowsOfProtection: readonly Situation[] = [
  situation("a form of another site is sent where nothing protects", "other", "/tagged", submitted("POST 200"), form),
  situation("a form of another site is refused", "other", "/protected/tagged", submitted("POST 403"), form),
  situation(
    "a form of the same site, but another port, is refused",
    "sibling",
    "/protected/tagged",
    submitted("POST 403 with cookie"),
    form,
  ),
  situation("a form of a page that the policy allows goes on", "app", "/protected/tagged", submitted("POST 200"), form),
  situation(
    "a form of the application's own page goes on",
    "own",
    "/protected/tagged",
    submitted("POST 200 with cookie"),
    form,
  ),
  situation(
    "a POST in no-cors mode is refused",
    "other",
    "/protected/tagged",
    { result: "opaque", requests: ["POST 403"] },
    {
      ...post,
      mode: "no-cors",
    },
  ),
  situation(
    "a POST is refused, and its page may not read why",
    "other",
    "/protected/tagged",
    blocked("POST 403"),
    post,
  ),
  situation("a POST of a sandboxed frame is refused", "sandboxed", "/protected/tagged", blocked("POST 403"), post),
  situation(
    "a POST of an allowed page goes on",
    "app",
    "/protected/tagged",
    { result: 200, body: "tagged", requests: ["POST 200"] },
    post,
  ),
  situation(
    "a PUT of an allowed page goes on after its preflight",
    "app",
    "/protected/text",
    readable(200, "OPTIONS 204", "PUT 200"),
    put,
  ),
  situation("a GET of another site is no danger, and not read", "other", "/protected/tagged", blocked("GET 200")),
  situation(
    "a POST of the application's own page goes on",
    "own",
    "/protected/tagged",
    readable(200, "POST 200 with cookie"),
    post,
  ),
];

/** A page of the server itself, for which CORS is nothing. */
const rowsOfOwnPage: readonly Situation[] = [
  situation("an own page reads every header", "own", "/tagged", {
    ...exposesAll,
    requests: ["GET 200 with cookie"],
  }),
  situation("an own page needs no preflight", "own", "/text", readable(200, "PUT 200 with cookie"), {
    ...put,
    headers: [["X-Other", "1"]],
  }),
  situation(
    "OPTIONS of an own page reaches the application",
    "own",
    "/text",
    {
      result: 200,
      body: "text",
      headers: { allow: "GET, OPTIONS" },
      requests: ["OPTIONS 200 with cookie"],
    },
    { method: "OPTIONS" },
  ),
];

/** Every situation. Each page asks for all of its own before the next one is opened. */
export const situations: readonly Situation[] = [
  ...rowsOfReading,
  ...rowsOfAnswers,
  ...rowsOfPreflights,
  ...rowsOfOrigins,
  ...rowsOfProtection,
  ...rowsOfOwnPage,
];
