import { describe, expect, test } from "vitest";
import { contextOf, type Driven, driveBy, respond } from "../../test/drive.ts";
import { pageClient } from "../../test/page.ts";
import { CorsPreflightCache } from "../cors/cors-preflight-cache.ts";
import { getHeader, type Header } from "../header/header-list.ts";
import { createOpaqueOrigin } from "../origin/origin.ts";
import type { ProfileName } from "../profile/profile.ts";
import { profiles } from "../profile/profiles.ts";
import { type Client, createRequest, type FetchRequest, type RequestBody } from "../request/request.ts";
import type { NetworkResponse } from "./exchange.ts";
import type { FetchContext } from "./fetch-state.ts";

const app = "https://app.example";
const api = "https://api.example";
const cdn = "https://cdn.example";
const page = pageClient(`${app}/page`);
const sandboxed = pageClient(`${app}/page`, {
  ...{ origin: createOpaqueOrigin(), embedderOrigin: page.origin, topLevelOrigin: page.origin },
});
const body: RequestBody = { payload: "x", length: 1, replayable: true };

function request(url: string, init: Partial<FetchRequest> = {}, client: Client = page): FetchRequest {
  return createRequest(new URL(url), client, client.origin, init);
}

const allow = "Access-Control-Allow-Origin: *";
const ok = respond(200, allow);
const grantedNames = "Access-Control-Allow-Headers: x-a, authorization, content-type, if-match, accept, range";
const granted = respond(
  204,
  allow,
  "Access-Control-Allow-Methods: PUT, DELETE",
  grantedNames,
  "Access-Control-Max-Age: 60",
);

/** A server that grants what is asked; it answers actual requests in turn, the last answer over and over. */
function server(answers: readonly NetworkResponse[], preflight: NetworkResponse = granted) {
  let index = 0;
  return ({ kind }: { readonly kind: string }) =>
    kind === "preflight" ? preflight : (answers[Math.min(index++, answers.length - 1)] as NetworkResponse);
}

function profileContext(name: ProfileName): FetchContext {
  return contextOf({ profile: profiles[name], preflightCache: new CorsPreflightCache({ now: () => 0 }) });
}

/** Methods in wire order, `preflight` for preflights, then the status or the problem. */
function trace({ outcome, requests }: Driven): string {
  const sent = requests.map(({ kind, method }) => (kind === "preflight" ? "preflight" : method));
  return [...sent, outcome.kind === "response" ? outcome.response.status : outcome.problem.code].join(" ");
}

/** What each profile does; all four, so that none is forgotten. */
type PerProfile<T> = Record<ProfileName, T>;

function everywhere<T>(does: (context: FetchContext) => T): PerProfile<T> {
  return {
    standard: does(profileContext("standard")),
    chromium: does(profileContext("chromium")),
    firefox: does(profileContext("firefox")),
    webkit: does(profileContext("webkit")),
  };
}

/** The given for the named profiles, `others` for the rest. */
function butIn<T>(others: T, some: Partial<PerProfile<T>>): PerProfile<T> {
  return { standard: others, chromium: others, firefox: others, webkit: others, ...some };
}

describe("one request", () => {
  interface Row {
    readonly title: string;
    readonly asked: FetchRequest;
    readonly answers?: readonly NetworkResponse[];
    readonly preflight?: NetworkResponse;
    readonly want: PerProfile<string>;
  }

  const to = (status: number, location: string, ...more: string[]) =>
    respond(status, allow, `Location: ${location}`, ...more);
  const insecure = pageClient("http://app.example/");
  const rows: Row[] = [
    {
      title: "a redirect takes away the need for a preflight",
      asked: request(api, { method: "PUT", body }),
      answers: [to(303, "/b"), ok],
      want: butIn("preflight PUT GET 200", {
        firefox: "preflight PUT preflight GET 200",
        webkit: "preflight PUT preflight GET 200",
      }),
    },
    {
      title: "a request that never needed one is not preflighted after a redirect",
      asked: request(api, { method: "POST", body }),
      answers: [to(303, cdn), ok],
      want: butIn("POST GET 200", {}),
    },
    {
      title: "the preflight of a tainted request that names the page",
      asked: request(api, { method: "PUT" }),
      answers: [to(307, cdn), ok],
      preflight: respond(204, `Access-Control-Allow-Origin: ${app}`, "Access-Control-Allow-Methods: PUT"),
      want: butIn("preflight PUT preflight allow-origin-mismatch", { firefox: "preflight PUT preflight PUT 200" }),
    },
    {
      title: "credentials mode same-origin, out of the page's origin and on: *",
      asked: request(app),
      answers: [respond(302, `Location: ${api}/`), to(302, "/b"), ok],
      want: butIn("GET GET GET 200", { webkit: "GET GET allow-origin-wildcard-with-credentials" }),
    },
    {
      title: "DELETE to another origin",
      asked: request(app, { method: "DELETE" }),
      answers: [respond(302, `Location: ${api}/`), ok],
      want: butIn("DELETE preflight DELETE 200", { webkit: "DELETE preflight GET 200" }),
    },
    {
      title: "status 309 with Location",
      asked: request(api),
      answers: [to(309, "/b"), ok],
      want: butIn("GET 309", { webkit: "GET GET 200" }),
    },
    {
      title: "redirect mode error, a redirect status without Location",
      asked: request(api, { redirectMode: "error" }),
      answers: [respond(302, allow)],
      want: butIn("GET redirect-mode-error", { chromium: "GET 302", webkit: "GET 302" }),
    },
    {
      title: "redirect mode error, a redirect",
      asked: request(api, { redirectMode: "error" }),
      answers: [to(302, "/b")],
      want: butIn("GET redirect-mode-error", {}),
    },
    {
      title: "mixed content after a redirect of a preflighted request",
      asked: request(api, { method: "PUT" }),
      answers: [to(307, "http://cdn.example/")],
      want: butIn("preflight PUT mixed-content", { webkit: "preflight PUT preflight mixed-content" }),
    },
    {
      title: "mixed content at once",
      asked: request("http://api.example/", { method: "PUT" }),
      want: butIn("mixed-content", {}),
    },
    {
      title: "mixed content after a redirect of a no-cors request",
      asked: request(api, { mode: "no-cors", destination: "image" }),
      answers: [to(302, "http://cdn.example/")],
      want: butIn("GET mixed-content", {}),
    },
    {
      title: "an https page and an http loopback address",
      asked: request("http://localhost:3000/"),
      want: butIn("GET 200", { webkit: "mixed-content" }),
    },
    {
      title: "407",
      asked: request(api),
      answers: [respond(407, allow)],
      want: butIn("GET proxy-authentication-required", { firefox: "GET 407", webkit: "GET 407" }),
    },
    {
      title: "about:blank in mode no-cors",
      asked: request("about:blank", { mode: "no-cors" }),
      want: butIn("0", { chromium: "url-unknown", webkit: "url-unknown" }),
    },
    {
      title: "a navigation to about:blank",
      asked: request("about:blank", { mode: "navigate" }),
      want: butIn("200", {}),
    },
    {
      title: "a space before the colon",
      asked: request(api),
      answers: [respond(200, "Access-Control-Allow-Origin : *")],
      want: butIn("GET allow-origin-missing", { chromium: "GET 200" }),
    },
    {
      title: "an upload listener without a body",
      asked: request(api, { useCorsPreflight: true }),
      want: butIn("preflight GET 200", { chromium: "GET 200" }),
    },
    {
      title: "an upload listener with a body",
      asked: request(api, { method: "POST", useCorsPreflight: true, body }),
      want: butIn("preflight POST 200", {}),
    },
    {
      title: "Cross-Origin-Resource-Policy: same-site for a sandboxed frame of that site",
      asked: request("https://cdn.app.example/", { mode: "no-cors", destination: "image" }, sandboxed),
      answers: [respond(200, "Cross-Origin-Resource-Policy: same-site")],
      want: butIn("GET corp-blocked", { chromium: "GET 0" }),
    },
    {
      title: "Cross-Origin-Resource-Policy: same-site for a sandboxed frame of another site",
      asked: request(api, { mode: "no-cors", destination: "image" }, sandboxed),
      answers: [respond(200, "Cross-Origin-Resource-Policy: same-site")],
      want: butIn("GET corp-blocked", {}),
    },
    {
      title: "Cross-Origin-Resource-Policy: same-origin for a sandboxed frame",
      asked: request(app, { mode: "no-cors", destination: "image" }, sandboxed),
      answers: [respond(200, "Cross-Origin-Resource-Policy: same-origin")],
      want: butIn("GET corp-blocked", {}),
    },
    {
      title: "many Accept values over the limit together",
      asked: request(api, { headers: Array.from({ length: 9 }, (): Header => ["Accept", "a".repeat(120)]) }),
      want: {
        standard: "preflight GET 200",
        chromium: "preflight GET 200",
        firefox: "GET 200",
        webkit: "preflight GET 200",
      },
    },
    {
      title: "an http page and a trustworthy target",
      asked: request("http://api.example/", {}, insecure),
      want: butIn("GET 200", {}),
    },
  ];

  test.each(rows)("$title", ({ asked, answers = [ok], preflight, want }) => {
    expect(everywhere((context) => trace(driveBy(asked, server(answers, preflight), context)))).toEqual(want);
  });
});

test("the preflight of a request that came back to the page's origin passes the CORS check in Firefox", () => {
  const back = respond(307, allow, `Location: ${app}/b`);
  const bare = respond(204, "Access-Control-Allow-Methods: PUT");
  const got = everywhere((context) => {
    const answer = server([back, respond(200, "Access-Control-Allow-Origin: null")]);
    const asked = request(api, { method: "PUT" });
    return trace(
      driveBy(asked, (each) => (each.kind === "preflight" && each.url.origin === app ? bare : answer(each)), context),
    );
  });
  expect(got).toEqual(
    butIn("preflight PUT preflight allow-origin-missing", { firefox: "preflight PUT preflight PUT 200" }),
  );
});

describe("two requests: what the second sends", () => {
  interface Row {
    readonly title: string;
    readonly first?: FetchRequest;
    readonly firstAnswers?: readonly NetworkResponse[];
    readonly firstPreflight?: NetworkResponse;
    readonly second: FetchRequest;
    readonly want: PerProfile<string>;
  }

  const put = request(api, { method: "PUT" });
  const cached = "PUT 200";
  const asked = "preflight PUT 200";
  const wild = respond(
    204,
    allow,
    "Access-Control-Allow-Methods: *",
    "Access-Control-Allow-Headers: *",
    "Access-Control-Max-Age: 60",
  );
  const withCredentials = respond(
    204,
    ...[
      `Access-Control-Allow-Origin: ${app}`,
      "Access-Control-Allow-Credentials: true",
      "Access-Control-Allow-Methods: PUT",
    ],
  );

  const rows: Row[] = [
    { title: "the same again", second: put, want: butIn(cached, {}) },
    {
      title: "the wildcard",
      firstPreflight: wild,
      second: request(api, { method: "DELETE" }),
      want: butIn("DELETE 200", { firefox: "preflight DELETE 200" }),
    },
    {
      title: "the wildcard and Authorization",
      firstPreflight: wild,
      second: request(api, { headers: [["Authorization", "x"]] }),
      want: butIn("preflight GET 200", { webkit: "GET 200" }),
    },
    {
      title: "with credentials, then without",
      first: request(api, { method: "PUT", credentialsMode: "include" }),
      firstAnswers: [withCredentials],
      firstPreflight: withCredentials,
      second: put,
      want: butIn(cached, { firefox: asked }),
    },
    {
      title: "cache mode no-store",
      second: request(api, { method: "PUT", cacheMode: "no-store" }),
      want: butIn(cached, { chromium: asked, firefox: asked }),
    },
    {
      title: "cache mode no-cache",
      second: request(api, { method: "PUT", cacheMode: "no-cache" }),
      want: butIn(cached, { chromium: asked }),
    },
    {
      title: "a conditional request",
      second: request(api, { method: "PUT", headers: [["If-Match", "*"]] }),
      want: butIn(cached, { chromium: asked, firefox: asked }),
    },
    {
      title: "after one with cache mode no-store",
      first: request(api, { method: "PUT", cacheMode: "no-store" }),
      second: put,
      want: butIn(cached, { chromium: asked }),
    },
    {
      title: "a sandboxed document",
      first: request(api, { method: "PUT" }, sandboxed),
      second: request(api, { method: "PUT" }, sandboxed),
      want: butIn(cached, { chromium: asked }),
    },
    {
      title: "after the first has failed",
      firstAnswers: [respond(200)],
      second: put,
      want: butIn(asked, { chromium: cached, webkit: cached }),
    },
    {
      title: "after the first was redirected in mode error",
      first: request(api, { method: "PUT", redirectMode: "error" }),
      firstAnswers: [respond(302, allow, "Location: /b")],
      second: put,
      want: butIn(cached, { standard: asked }),
    },
    {
      title: "after the preflight has refused a header",
      first: request(api, { method: "PUT", headers: [["X-B", "1"]] }),
      second: put,
      want: butIn(asked, { webkit: cached }),
    },
    {
      title: "after the preflight had another status",
      firstPreflight: respond(404, allow, "Access-Control-Allow-Methods: PUT"),
      second: put,
      want: butIn(asked, {}),
    },
    {
      title: "after a malformed max-age",
      firstPreflight: respond(204, allow, "Access-Control-Allow-Methods: PUT", "Access-Control-Max-Age: x"),
      second: put,
      want: butIn(cached, { firefox: asked }),
    },
  ];

  test.each(rows)("$title", ({ first = put, firstAnswers = [ok], firstPreflight, second, want }) => {
    const got = everywhere((context) => {
      driveBy(first, server(firstAnswers, firstPreflight), context);
      return trace(driveBy(second, server([ok]), context));
    });
    expect(got).toEqual(want);
  });

  test("a simple request that fails clears the cache in Firefox", () => {
    const got = everywhere((context) => {
      driveBy(put, server([ok]), context);
      driveBy(request(api), server([respond(200)]), context);
      return trace(driveBy(put, server([ok]), context));
    });
    expect(got).toEqual(butIn(cached, { firefox: asked }));
  });

  test("the result of a tainted hop", () => {
    const redirected = request(cdn, { method: "PUT" });
    const got = everywhere((context) => {
      const answers = () => server([respond(307, allow, `Location: ${api}/`), ok]);
      driveBy(redirected, answers(), context);
      return trace(driveBy(redirected, answers(), context));
    });
    expect(got).toEqual({
      ...{ standard: "PUT PUT 200", chromium: "PUT preflight PUT 200" },
      ...{ firefox: "PUT PUT 200", webkit: "PUT preflight PUT 200" },
    });
  });
});

describe("headers", () => {
  /** One header of the last request of a kind; `null` when it is not there. */
  function header(name: string, asked: FetchRequest, answers: readonly NetworkResponse[] = [ok], kind = "actual") {
    return everywhere((context) => {
      const { requests } = driveBy(asked, server(answers), context);
      const last = requests.filter((each) => each.kind === kind).at(-1);
      return last === undefined ? null : getHeader(last.headers, name);
    });
  }

  const image: Partial<FetchRequest> = { mode: "no-cors", destination: "image", unsafeRequest: false };
  const toCdn = respond(307, allow, `Location: ${cdn}/`);

  test("a Range is written in its canonical form", () => {
    const want = butIn<string | null>("bytes=001-", { chromium: "bytes=1-" });
    expect(header("range", request(api, { headers: [["Range", "bytes=001-"]] }))).toEqual(want);
  });

  test("the first of several Content-Type headers", () => {
    const headers: Header[] = [
      ["Content-Type", "text/plain"],
      ["content-type", "text/plain;a=b"],
    ];
    const want = butIn<string | null>("text/plain, text/plain;a=b", { firefox: "text/plain" });
    expect(header("content-type", request(app, { method: "POST", headers }))).toEqual(want);
  });

  test("an empty value among several", () => {
    const headers: Header[] = [
      ["X-A", ""],
      ["X-A", "1"],
    ];
    expect(header("x-a", request(app, { headers }))).toEqual(butIn<string | null>(", 1", { firefox: "1" }));
  });

  test("bytes from 0x80, in values of any length", () => {
    const long = "\u00e9".repeat(200_000);
    const want = butIn<string | null>(long, { webkit: "\u00c3\u00a9".repeat(200_000) });
    expect(header("x-a", request(app, { headers: [["X-A", long]] }))).toEqual(want);
  });

  test("a User-Agent that a script sets", () => {
    const want = butIn<string | null>("x", { chromium: null });
    expect(header("user-agent", request(app, { headers: [["User-Agent", "x"]] }))).toEqual(want);
  });

  test("Referer of a sandboxed document's fetch()", () => {
    expect(header("referer", request(api, {}, sandboxed))).toEqual(butIn<string | null>(null, { webkit: `${app}/` }));
  });

  test("Referer of a sandboxed document's image", () => {
    const want = butIn<string | null>(null, { firefox: `${app}/`, webkit: `${app}/page` });
    expect(header("referer", request(app, image, sandboxed))).toEqual(want);
  });

  test("Referer of a sandboxed data: document's image", () => {
    const data = pageClient("data:text/html,x");
    expect(header("referer", request(api, image, data))).toEqual(butIn<string | null>(null, {}));
  });

  test("Referer under a lax policy, across sites and within", () => {
    const lax = { referrerPolicy: "unsafe-url" } as const;
    expect(header("referer", request(api, lax))).toEqual(butIn<string | null>(`${app}/page`, { firefox: `${app}/` }));
    expect(header("referer", request("https://www.app.example", lax))).toEqual(butIn<string | null>(`${app}/page`, {}));
  });

  test("Referer from https to an http loopback address", () => {
    const want: PerProfile<string | null> = { standard: `${app}/`, chromium: null, firefox: null, webkit: null };
    expect(header("referer", request("http://localhost/"))).toEqual(want);
  });

  test("Referer of the preflight after a redirect", () => {
    const own = request(app, { method: "PUT", referrerPolicy: "same-origin" });
    const answers = [respond(307, `Location: ${api}/`), ok];
    expect(header("referer", own, answers, "preflight")).toEqual(butIn<string | null>(null, { webkit: `${app}/page` }));
  });

  test("Origin of the preflight of a tainted request", () => {
    const want = butIn<string | null>("null", { firefox: app });
    expect(header("origin", request(api, { method: "PUT" }), [toCdn, ok], "preflight")).toEqual(want);
    expect(header("origin", request(api, { method: "PUT" }), [toCdn, ok])).toEqual(butIn<string | null>("null", {}));
  });

  test("the preflight after a redirect that removed Authorization", () => {
    const headers: Header[] = [
      ["Authorization", "x"],
      ["X-A", "1"],
    ];
    const want = butIn<string | null>("x-a", { webkit: "authorization,x-a" });
    expect(header("access-control-request-headers", request(api, { headers }), [toCdn, ok], "preflight")).toEqual(want);
  });

  test("cache headers of a conditional request", () => {
    const want = butIn<string | null>("no-cache", { chromium: "max-age=0" });
    expect(header("cache-control", request(app, { headers: [["If-Match", "*"]] }))).toEqual(want);
  });

  test("cache headers of other requests", () => {
    expect(header("cache-control", request(app))).toEqual(butIn<string | null>(null, {}));
    const noStore = request(app, { cacheMode: "no-store" });
    expect(header("cache-control", noStore)).toEqual(butIn<string | null>("no-cache", {}));
    expect(header("pragma", noStore)).toEqual(butIn<string | null>("no-cache", {}));
  });

  test("cache headers of a preflight", () => {
    const want = butIn<string | null>(null, { chromium: "no-cache", firefox: "no-cache" });
    expect(header("cache-control", request(api, { method: "PUT", cacheMode: "reload" }), [ok], "preflight")).toEqual(
      want,
    );
  });

  test("cache headers after a cross-origin redirect", () => {
    const want = butIn<string | null>("no-cache", { webkit: null });
    expect(header("cache-control", request(api, { cacheMode: "reload" }), [toCdn, ok])).toEqual(want);
    expect(header("cache-control", request(api, { cacheMode: "reload" }))).toEqual(
      butIn<string | null>("no-cache", {}),
    );
  });

  test("a beacon revalidates", () => {
    const beacon = request(api, { method: "POST", initiatorType: "beacon", body });
    expect(header("cache-control", beacon)).toEqual(butIn<string | null>(null, { webkit: "max-age=0" }));
  });

  test("a navigation by POST revalidates", () => {
    const form = request(api, { method: "POST", mode: "navigate", destination: "document", body });
    expect(header("cache-control", form)).toEqual(butIn<string | null>(null, { chromium: "max-age=0" }));
  });

  test("the extension that a WebSocket handshake offers", () => {
    const deflate = "permessage-deflate; client_max_window_bits";
    const want = butIn<string | null>(deflate, { firefox: "permessage-deflate" });
    expect(header("sec-websocket-extensions", request(api, { mode: "websocket" }))).toEqual(want);
    expect(header("referer", request(api, { mode: "websocket" }))).toEqual(butIn<string | null>(null, {}));
  });

  test("storage access of a third party with credentials", () => {
    const want = { standard: null, chromium: "active", firefox: "none", webkit: null };
    expect(header("sec-fetch-storage-access", request(api, { credentialsMode: "include", ...image }))).toEqual(want);
  });

  test("Accept of an image", () => {
    const accepts = Object.values(header("accept", request(api, image)));
    expect(new Set(accepts).size).toBe(4);
  });
});
