import { describe, expect, test } from "vitest";
import { contextOf, type Driven, drive, lines, respond } from "../../test/drive.ts";
import { pageClient } from "../../test/page.ts";
import { CorsPreflightCache } from "../cors/cors-preflight-cache.ts";
import type { Header } from "../header/header-list.ts";
import { createOpaqueOrigin, originOf } from "../origin/origin.ts";
import type { Problem } from "../problem/problem.ts";
import { profiles } from "../profile/profiles.ts";
import { type Client, createRequest, type FetchRequest, type RequestBody } from "../request/request.ts";
import type { NetworkResponse } from "./exchange.ts";
import { keepaliveLimit } from "./main-fetch.ts";

const app = "https://app.example";
const api = "https://api.example";
const cdn = "https://cdn.example";
const page = pageClient(`${app}/page`);

function request(url: string, init: Partial<FetchRequest> = {}, client: Client = page): FetchRequest {
  return createRequest(new URL(url), client, client.origin, init);
}

/** The headers that the user agent adds to a cross-origin `fetch()`; `changes` replace, `null` removes. */
function added(changes: Readonly<Record<string, string | null>> = {}): string[] {
  const headers: Record<string, string | null> = {
    Accept: "*/*",
    Referer: `${app}/`,
    Origin: app,
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "cross-site",
    "Accept-Language": "en-US,en;q=0.9",
    ...changes,
  };
  return Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
}

/** As {@link added}, within the page's own origin. */
const addedAtHome = (changes: Readonly<Record<string, string | null>> = {}) =>
  added({ Referer: `${app}/page`, Origin: null, "Sec-Fetch-Site": "same-origin", ...changes });

/** As {@link added}, of a preflight for `method` and header `names`. */
function preflightHeaders(method: string, names: string | null, changes: Readonly<Record<string, string>> = {}) {
  const [accept = "", ...others] = added(changes);
  const asked = names === null ? [] : [`Access-Control-Request-Headers: ${names}`];
  return [accept, `Access-Control-Request-Method: ${method}`, ...asked, ...others];
}

const allow = "Access-Control-Allow-Origin: *";
const allowApp = `Access-Control-Allow-Origin: ${app}`;
const allowCredentials = "Access-Control-Allow-Credentials: true";

/** Asserts that a fetch fails with `problem`, all details included, having sent `sent` requests. */
function expectProblem({ outcome, requests }: Driven, problem: Problem, sent: number): void {
  expect(outcome).toMatchObject({ kind: "network-error" });
  if (outcome.kind === "network-error") expect(outcome.problem).toEqual(problem);
  expect(requests.map(lines)).toHaveLength(sent);
}

function responseOf({ outcome }: Driven) {
  if (outcome.kind === "network-error") throw new Error(JSON.stringify(outcome.problem));
  return outcome.response;
}

describe("a request without preflight", () => {
  test("cross-origin GET", () => {
    const driven = drive(request(`${api}/books`), [respond(200, allow, "X-A: 1", "Content-Type: text/plain")]);
    expect(driven.requests.map(lines)).toEqual([[`GET ${api}/books`, ...added()]]);
    expect(driven.requests[0]).toMatchObject({
      ...{ kind: "actual", body: null, includeCredentials: false, credentialsMode: "same-origin", mode: "cors" },
      ...{ cacheMode: "default", destination: "", initiatorType: "fetch", responseTainting: "cors" },
      ...{ origin: page.origin, client: page, preflight: "not-needed", preflightReasons: [] },
    });
    expect(responseOf(driven)).toMatchObject({
      ...{ type: "cors", status: 200, url: `${api}/books`, redirected: false, body: "body of 200" },
      headers: [["Content-Type", "text/plain"]],
    });
    expect(driven.outcome.exchanges).toEqual([
      { request: driven.requests[0], response: respond(200, allow, "X-A: 1", "Content-Type: text/plain") },
    ]);
  });

  test("same-origin GET", () => {
    const driven = drive(request(`${app}/books`), [respond(200, "X-A: 1", "Set-Cookie: a=1")]);
    expect(driven.requests.map(lines)).toEqual([[`GET ${app}/books`, ...addedAtHome()]]);
    expect(driven.requests[0]).toMatchObject({ includeCredentials: true, responseTainting: "basic" });
    expect(responseOf(driven)).toMatchObject({ type: "basic", headers: [["X-A", "1"]] });
  });

  test("same-origin PUT with any header", () => {
    const headers: Header[] = [["X-A", "1"]];
    const driven = drive(request(`${app}/`, { method: "PUT", headers }), [respond(200)]);
    expect(driven.requests.map(lines)).toEqual([[`PUT ${app}/`, "X-A: 1", ...addedAtHome({ Origin: app })]]);
  });

  test("cross-origin POST of a form", () => {
    const headers: Header[] = [["Content-Type", "text/plain"]];
    const driven = drive(request(api, { method: "POST", headers }), [respond(200, allow)]);
    expect(driven.requests.map(lines)).toEqual([[`POST ${api}/`, "Content-Type: text/plain", ...added()]]);
  });

  test("with credentials", () => {
    const driven = drive(request(api, { credentialsMode: "include" }), [respond(200, allowApp, allowCredentials)]);
    expect(driven.requests[0]).toMatchObject({ includeCredentials: true, credentialsMode: "include" });
    expect(responseOf(driven).type).toBe("cors");
  });

  test.each([
    ["omit", app, false],
    ["same-origin", app, true],
    ["include", app, true],
    ["omit", api, false],
    ["same-origin", api, false],
    ["include", api, true],
  ] as const)("credentials mode %s to %s: cookies %s", (credentialsMode, url, want) => {
    const { requests } = drive(request(url, { credentialsMode }), [respond(200)]);
    expect(requests[0]?.includeCredentials).toBe(want);
  });

  test("the user agent's name, unless the script sets one", () => {
    const context = contextOf({ userAgent: "corsac" });
    const plain = drive(request(app), [respond(200)], context).requests[0];
    expect(plain?.headers).toContainEqual(["User-Agent", "corsac"]);
    const own = drive(request(app, { headers: [["user-agent", "x"]] }), [respond(200)], context).requests[0];
    expect(own?.headers.filter(([name]) => /user-agent/i.test(name))).toEqual([["user-agent", "x"]]);
  });

  test("what the script sets is not added again", () => {
    const headers: Header[] = [
      ["accept", "a/b"],
      ["ACCEPT-LANGUAGE", "de"],
    ];
    const { requests } = drive(request(app, { headers }), [respond(200)]);
    const others = addedAtHome({ Accept: null, "Accept-Language": null });
    expect(requests.map(lines)).toEqual([[`GET ${app}/`, "accept: a/b", "ACCEPT-LANGUAGE: de", ...others]]);
  });

  test("headers of one name go as one line", () => {
    const headers: Header[] = [
      ["X-A", "1"],
      ["x-a", "2"],
    ];
    const { requests } = drive(request(app, { headers }), [respond(200)]);
    expect(requests.map(lines)).toEqual([[`GET ${app}/`, "X-A: 1, 2", ...addedAtHome()]]);
  });

  test("Range asks for no content coding", () => {
    const { requests } = drive(request(api, { headers: [["Range", "bytes=0-9"]] }), [respond(206, allow)]);
    expect(requests.map(lines)).toEqual([[`GET ${api}/`, "Range: bytes=0-9", ...added(), "Accept-Encoding: identity"]]);
  });

  test.each([
    ["default", []],
    ["no-cache", ["Cache-Control: max-age=0"]],
    ["no-store", ["Pragma: no-cache", "Cache-Control: no-cache"]],
    ["reload", ["Pragma: no-cache", "Cache-Control: no-cache"]],
    ["force-cache", []],
  ] as const)("cache mode %s adds %j", (cacheMode, want) => {
    const { requests } = drive(request(app, { cacheMode }), [respond(200)]);
    expect(requests.map(lines)).toEqual([[`GET ${app}/`, ...addedAtHome(), ...want]]);
    expect(requests[0]?.cacheMode).toBe(cacheMode);
  });

  test("a request that the script made conditional is not looked up in the cache", () => {
    const headers: Header[] = [["If-None-Match", '"1"']];
    const { requests } = drive(request(app, { headers }), [respond(304)]);
    const want = ["Pragma: no-cache", "Cache-Control: no-cache"];
    expect(requests.map(lines)).toEqual([[`GET ${app}/`, 'If-None-Match: "1"', ...addedAtHome(), ...want]]);
    expect(requests[0]?.cacheMode).toBe("no-store");
  });

  test("no Referer to where the policy forbids it", () => {
    const { requests } = drive(request(api, { referrerPolicy: "no-referrer" }), [respond(200, allow)]);
    expect(requests.map(lines)).toEqual([[`GET ${api}/`, ...added({ Referer: null })]]);
  });

  test("no Sec-Fetch-* and no Referer to a URL that is not secure", () => {
    const http = pageClient("http://app.example/page");
    const driven = drive(request("http://api.example/", {}, http), [respond(200, allow)]);
    const none = { "Sec-Fetch-Dest": null, "Sec-Fetch-Mode": null, "Sec-Fetch-Site": null };
    const want = added({ ...none, Referer: "http://app.example/", Origin: "http://app.example" });
    expect(driven.requests.map(lines)).toEqual([["GET http://api.example/", ...want]]);
  });
});

describe("a request with preflight", () => {
  const put: Partial<FetchRequest> = { method: "PUT", headers: [["X-A", "1"]] };
  const granted = respond(204, allow, "Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: x-a");

  test("is sent when the preflight allows it", () => {
    const driven = drive(request(`${api}/a#b`, put), [granted, respond(201, allow)]);
    expect(driven.requests.map(lines)).toEqual([
      [`OPTIONS ${api}/a#b`, ...preflightHeaders("PUT", "x-a")],
      [`PUT ${api}/a#b`, "X-A: 1", ...added()],
    ]);
    const preflightReasons = [
      { kind: "method", method: "PUT" },
      { kind: "header", name: "x-a" },
    ];
    expect(driven.requests).toMatchObject([
      {
        kind: "preflight",
        body: null,
        includeCredentials: false,
        mode: "cors",
        preflight: "not-needed",
        preflightReasons,
      },
      { kind: "actual", preflight: "sent", preflightReasons },
    ]);
    expect(responseOf(driven)).toMatchObject({ type: "cors", status: 201, url: `${api}/a` });
    expect(driven.outcome.exchanges.map(({ request: { kind } }) => kind)).toEqual(["preflight", "actual"]);
  });

  test("a preflight never carries credentials", () => {
    const responses = [
      respond(200, allowApp, allowCredentials, "Access-Control-Allow-Methods: PUT"),
      respond(200, allowApp, allowCredentials),
    ];
    const { requests } = drive(request(api, { method: "PUT", credentialsMode: "include" }), responses);
    expect(requests.map(({ includeCredentials }) => includeCredentials)).toEqual([false, true]);
    expect(requests.map(({ credentialsMode }) => credentialsMode)).toEqual(["include", "include"]);
  });

  test("a preflight carries neither body nor cache headers", () => {
    const body: RequestBody = { payload: "x", length: 1, replayable: true };
    const { requests } = drive(request(api, { ...put, body, cacheMode: "no-store" }), [granted, respond(200, allow)]);
    expect(requests.map((each) => each.body)).toEqual([null, body]);
    expect(lines(requests[0] as never)).toEqual([`OPTIONS ${api}/`, ...preflightHeaders("PUT", "x-a")]);
  });

  test("upload listeners alone ask for one", () => {
    const driven = drive(request(api, { method: "POST", useCorsPreflight: true }), [
      respond(200, allow),
      respond(200, allow),
    ]);
    expect(driven.requests.map(lines)).toEqual([
      [`OPTIONS ${api}/`, ...preflightHeaders("POST", null)],
      [`POST ${api}/`, ...added()],
    ]);
  });

  test("none within the page's origin", () => {
    expect(drive(request(app, { ...put, useCorsPreflight: true }), [respond(200)]).requests).toHaveLength(1);
  });

  test("an opaque origin is null", () => {
    const sandboxed = pageClient(app, { origin: createOpaqueOrigin() });
    const { requests } = drive(request(api, put, sandboxed), [granted, respond(200, allow)]);
    const [preflight = []] = requests.map(lines);
    expect(preflight).toContain("Origin: null");
    expect(preflight.filter((line) => line.startsWith("Referer"))).toEqual([]);
  });

  test.each<[title: string, answer: NetworkResponse, problem: Problem]>([
    ["CORS check", respond(204), { code: "allow-origin-missing", stage: "preflight", expected: app, status: 204 }],
    ["status", respond(404, allow), { code: "preflight-status-not-ok", stage: "preflight", status: 404 }],
    [
      "redirect",
      respond(307, allow, "Location: /b"),
      { code: "preflight-redirected", stage: "preflight", status: 307, location: "/b" },
    ],
    [
      "methods",
      respond(204, allow, "Access-Control-Allow-Methods: DELETE"),
      { code: "method-not-allowed", stage: "preflight", method: "PUT", allowed: ["DELETE"] },
    ],
    [
      "headers",
      respond(204, allow, "Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: x-b"),
      { code: "header-not-allowed", stage: "preflight", names: ["x-a"], allowed: ["x-b"] },
    ],
    [
      "no answer",
      { kind: "network-error", reason: "timeout", message: "slow" },
      { code: "preflight-network-error", stage: "preflight", reason: "timeout", message: "slow" },
    ],
  ])("is not sent when the preflight fails: %s", (_, answer, problem) => {
    const driven = drive(request(api, put), [answer]);
    expectProblem(driven, problem, 1);
    expect(driven.outcome.exchanges).toEqual([{ request: driven.requests[0], response: answer }]);
  });

  test("the actual response is checked as well", () => {
    const expected = { code: "allow-origin-missing", stage: "response", expected: app, status: 200 } as const;
    expectProblem(drive(request(api, put), [granted, respond(200)]), expected, 2);
  });
});

describe("the CORS-preflight cache", () => {
  const granted = respond(
    204,
    allow,
    "Access-Control-Allow-Methods: PUT, DELETE",
    "Access-Control-Allow-Headers: x-a",
    "Access-Control-Max-Age: 60",
  );
  const ok = respond(200, allow);
  const put = request(api, { method: "PUT" });

  function warm() {
    let seconds = 0;
    const context = contextOf({ preflightCache: new CorsPreflightCache({ now: () => seconds * 1000 }) });
    drive(put, [granted, ok], context);
    return {
      context,
      wait: (time: number) => {
        seconds += time;
      },
    };
  }

  test("answers the second preflight", () => {
    const driven = drive(put, [ok], warm().context);
    expect(driven.requests.map(lines)).toEqual([[`PUT ${api}/`, ...added()]]);
    expect(driven.requests[0]).toMatchObject({
      preflight: "cached",
      preflightReasons: [{ kind: "method", method: "PUT" }],
    });
  });

  test("until max-age has passed", () => {
    const { context, wait } = warm();
    wait(59);
    expect(drive(put, [ok], context).requests).toHaveLength(1);
    wait(1);
    expect(drive(put, [granted, ok], context).requests).toHaveLength(2);
  });

  test.each<[title: string, asked: FetchRequest, cached: boolean]>([
    ["another allowed method", request(api, { method: "DELETE" }), true],
    ["an allowed header", request(api, { headers: [["X-A", "1"]] }), true],
    ["a CORS-safelisted method with an allowed header", request(api, { method: "POST", headers: [["x-a", ""]] }), true],
    ["another method", request(api, { method: "PATCH" }), false],
    ["another header", request(api, { method: "PUT", headers: [["X-B", "1"]] }), false],
    ["another URL", request(`${api}/b`, { method: "PUT" }), false],
    ["another query", request(`${api}/?`, { method: "PUT" }), false],
    ["with credentials", request(api, { method: "PUT", credentialsMode: "include" }), false],
    [
      "upload listeners with a method that was not listed",
      request(api, { method: "POST", useCorsPreflight: true }),
      false,
    ],
    ["upload listeners with one that was", request(api, { method: "PUT", useCorsPreflight: true }), true],
    ["another page of the same origin", request(api, { method: "PUT" }, pageClient(`${app}/other`)), true],
    ["another origin", request(api, { method: "PUT" }, pageClient(cdn)), false],
    [
      "another site in the address bar",
      request(api, { method: "PUT" }, pageClient(app, { topLevelOrigin: originOf(new URL(cdn)) })),
      false,
    ],
  ])("%s", (_, asked, cached) => {
    const { context } = warm();
    const steps = drive(asked, cached ? [ok] : [respond(500, allow)], context);
    expect(steps.requests[0]?.kind).toBe(cached ? "actual" : "preflight");
  });

  test.each<[title: string, asked: FetchRequest, answers: NetworkResponse[], cleared: boolean]>([
    ["the CORS check of a preflighted request fails", put, [respond(200)], true],
    ["a preflighted request gets no answer", put, [{ kind: "network-error", reason: "dns", message: "" }], true],
    ["the redirect of a preflighted request is refused", put, [respond(302, allow, "Location: data:,x")], true],
    ["a preflighted request succeeds", put, [ok], false],
    ["a request without preflight fails", request(api), [respond(200)], false],
    [
      "a redirect leads a preflighted request into failure elsewhere",
      put,
      [respond(307, allow, `Location: ${cdn}`), respond(500)],
      false,
    ],
  ])("is cleared when %s", (_, asked, answers, cleared) => {
    const { context } = warm();
    drive(asked, answers, context);
    expect(context.preflightCache.size).toBe(cleared ? 0 : 1);
  });

  test("keeps nothing of a preflight that fails", () => {
    const context = contextOf();
    drive(put, [respond(404, allow, "Access-Control-Allow-Methods: PUT")], context);
    expect(context.preflightCache.size).toBe(0);
  });
});

describe("redirects", () => {
  const to = (status: number, location: string, ...more: string[]) =>
    respond(status, allow, `Location: ${location}`, ...more);

  test("within the page's origin stay basic", () => {
    const driven = drive(request(app), [respond(302, "Location: /b"), respond(200)]);
    expect(driven.requests.map(lines)).toEqual([
      [`GET ${app}/`, ...addedAtHome()],
      [`GET ${app}/b`, ...addedAtHome()],
    ]);
    expect(responseOf(driven)).toMatchObject({ type: "basic", url: `${app}/b`, redirected: true });
  });

  test("from the page to another origin carry the page's origin", () => {
    const driven = drive(request(app), [respond(302, `Location: ${api}/b`), respond(200, allowApp)]);
    expect(driven.requests.map(lines)).toEqual([
      [`GET ${app}/`, ...addedAtHome()],
      [`GET ${api}/b`, ...added()],
    ]);
    expect(responseOf(driven)).toMatchObject({ type: "cors", url: `${api}/b`, redirected: true });
  });

  test("from one foreign origin to another taint the origin", () => {
    const driven = drive(request(api), [to(302, cdn), respond(200, "Access-Control-Allow-Origin: null")]);
    expect(driven.requests.map(lines)).toEqual([
      [`GET ${api}/`, ...added()],
      [`GET ${cdn}/`, ...added({ Origin: "null" })],
    ]);
    expect(responseOf(driven).type).toBe("cors");
  });

  test("a tainted origin is not the page's", () => {
    const problem = { code: "allow-origin-mismatch", stage: "response", expected: "null", actual: app } as const;
    expectProblem(drive(request(api), [to(302, cdn), respond(200, allowApp)]), problem, 2);
  });

  test("back to the page stay cors, and the page has to allow null", () => {
    const driven = drive(request(api), [to(302, `${app}/b`), respond(200)]);
    expect(driven.requests.map(lines)[1]).toEqual([`GET ${app}/b`, ...added({ Origin: "null" })]);
    expect(driven.requests[1]).toMatchObject({ includeCredentials: false, responseTainting: "cors" });
    const problem = { code: "allow-origin-missing", stage: "response", expected: "null", status: 200 } as const;
    expectProblem(driven, problem, 2);
  });

  test("the redirect response itself needs the CORS check", () => {
    const problem = { code: "allow-origin-missing", stage: "redirect", expected: app, status: 302 } as const;
    expectProblem(drive(request(api), [respond(302, `Location: ${cdn}`)]), problem, 1);
  });

  test("but not within the page's origin", () => {
    expect(drive(request(app), [respond(302, `Location: ${api}`), respond(200, allow)]).outcome.kind).toBe("response");
  });

  test("remove Authorization at the first other origin, for good", () => {
    const granted = respond(200, allow, "Access-Control-Allow-Headers: authorization");
    const headers: Header[] = [["Authorization", "Basic eA=="]];
    const driven = drive(request(api, { headers }), [
      granted,
      to(307, "/b"),
      granted,
      to(307, cdn),
      to(307, "/c"),
      respond(200, allow),
    ]);
    expect(driven.requests.map(lines)).toEqual([
      [`OPTIONS ${api}/`, ...preflightHeaders("GET", "authorization")],
      [`GET ${api}/`, "Authorization: Basic eA==", ...added()],
      [`OPTIONS ${api}/b`, ...preflightHeaders("GET", "authorization")],
      [`GET ${api}/b`, "Authorization: Basic eA==", ...added()],
      [`GET ${cdn}/`, ...added({ Origin: "null" })],
      [`GET ${cdn}/c`, ...added({ Origin: "null" })],
    ]);
  });

  test("are preflighted anew, with the origin that the request then has", () => {
    const granted = respond(200, allow, "Access-Control-Allow-Methods: PUT");
    const driven = drive(request(api, { method: "PUT" }), [granted, to(307, cdn), granted, respond(200, allow)]);
    expect(driven.requests.map(lines)).toEqual([
      [`OPTIONS ${api}/`, ...preflightHeaders("PUT", null)],
      [`PUT ${api}/`, ...added()],
      [`OPTIONS ${cdn}/`, ...preflightHeaders("PUT", null, { Origin: "null" })],
      [`PUT ${cdn}/`, ...added({ Origin: "null" })],
    ]);
  });

  test("303 turns PUT into a GET that needs no preflight", () => {
    const granted = respond(
      200,
      allow,
      "Access-Control-Allow-Methods: PUT",
      "Access-Control-Allow-Headers: content-type",
    );
    const body: RequestBody = { payload: "{}", length: 2, replayable: true };
    const put = request(api, { method: "PUT", headers: [["Content-Type", "application/json"]], body });
    const driven = drive(put, [granted, to(303, "/b"), respond(200, allow)]);
    expect(driven.requests.map(lines)).toEqual([
      [`OPTIONS ${api}/`, ...preflightHeaders("PUT", "content-type")],
      [`PUT ${api}/`, "Content-Type: application/json", ...added()],
      [`GET ${api}/b`, ...added()],
    ]);
    expect(driven.requests.map((each) => each.body)).toEqual([null, body, null]);
  });

  test("change the referrer policy", () => {
    const responses = [respond(302, "Location: /b", "Referrer-Policy: no-referrer"), respond(200)];
    const { requests } = drive(request(app), responses);
    expect(requests.map(lines)[1]).toEqual([`GET ${app}/b`, ...addedAtHome({ Referer: null })]);
  });

  test("a referrer that was trimmed does not grow again", () => {
    const responses = [respond(302, `Location: ${api}`), to(302, app), respond(200, allow)];
    const { requests } = drive(request(app), responses);
    expect(requests.map((each) => lines(each)[2])).toEqual([
      `Referer: ${app}/page`,
      `Referer: ${app}/`,
      `Referer: ${app}/`,
    ]);
  });

  test("mode error", () => {
    const problem = { code: "redirect-mode-error", stage: "redirect", status: 302 } as const;
    expectProblem(drive(request(api, { redirectMode: "error" }), [to(302, cdn)]), problem, 1);
    expectProblem(drive(request(app, { redirectMode: "error" }), [respond(302)]), problem, 1);
  });

  test("mode manual", () => {
    const driven = drive(request(api, { redirectMode: "manual" }), [to(302, cdn)]);
    expect(responseOf(driven)).toMatchObject({
      ...{ type: "opaqueredirect", status: 0, headers: [], body: null, url: `${api}/`, redirected: false },
      internal: { status: 302 },
    });
  });

  test("mode manual still needs the CORS check", () => {
    const problem = { code: "allow-origin-missing", stage: "redirect", expected: app, status: 302 } as const;
    expectProblem(drive(request(api, { redirectMode: "manual" }), [respond(302, `Location: ${cdn}`)]), problem, 1);
  });

  test("without Location are responses", () => {
    expect(responseOf(drive(request(api), [respond(302, allow)]))).toMatchObject({
      type: "cors",
      status: 302,
      redirected: false,
    });
  });

  test("a loop ends after 20", () => {
    const problem = { code: "redirect-count", stage: "redirect", limit: 20 } as const;
    expectProblem(
      drive(
        request(app),
        Array.from({ length: 21 }, () => respond(302, "Location: /")),
      ),
      problem,
      21,
    );
  });

  test("20 are followed", () => {
    const responses = [...Array.from({ length: 20 }, () => respond(302, "Location: /")), respond(200)];
    expect(responseOf(drive(request(app), responses)).status).toBe(200);
  });

  test.each<[title: string, location: string, problem: Problem]>([
    ["another scheme", "data:,x", { code: "redirect-scheme", stage: "redirect", location: "data:,x" }],
    ["no URL", "https://", { code: "redirect-location-invalid", stage: "redirect", location: "https://" }],
    [
      "user info",
      "https://u:p@api.example/b",
      { code: "redirect-with-credentials-in-url", stage: "redirect", location: "https://u:p@api.example/b" },
    ],
    ["a bad port", "https://api.example:25/", { code: "bad-port", stage: "redirect", port: 25 }],
    ["http", "http://api.example/", { code: "mixed-content", stage: "redirect", url: "http://api.example/" }],
  ])("to what may not be fetched: %s", (_, location, problem) => {
    expectProblem(drive(request(api), [to(302, location)]), problem, 1);
  });

  test("with a body that can be sent only once", () => {
    const body: RequestBody = { payload: "x", length: null, replayable: false };
    const problem = { code: "redirect-body-not-replayable", stage: "redirect", status: 307 } as const;
    expectProblem(drive(request(api, { method: "POST", body }), [to(307, "/b")]), problem, 1);
  });
});

describe("mode no-cors", () => {
  const image: Partial<FetchRequest> = {
    mode: "no-cors",
    destination: "image",
    credentialsMode: "include",
    unsafeRequest: false,
  };

  test("a cross-origin response is opaque, whatever the server says", () => {
    const driven = drive(request(api, image), [respond(404, "X-A: 1")]);
    const want = added({
      ...{ Accept: "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", Origin: null },
      ...{ "Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors" },
    });
    expect(driven.requests.map(lines)).toEqual([[`GET ${api}/`, ...want]]);
    expect(driven.requests[0]).toMatchObject({ includeCredentials: true, responseTainting: "opaque" });
    expect(responseOf(driven)).toMatchObject({
      ...{ type: "opaque", status: 0, statusText: "", headers: [], url: "", redirected: false, body: null },
      internal: { status: 404, body: "body of 404" },
    });
  });

  test("a same-origin response is basic", () => {
    expect(responseOf(drive(request(app, image), [respond(200)])).type).toBe("basic");
  });

  test("opaque once, opaque for ever", () => {
    const driven = drive(request(api, image), [respond(302, `Location: ${app}/`), respond(200)]);
    expect(responseOf(driven).type).toBe("opaque");
  });

  test.each(["error", "manual"] as const)("redirect mode %s is refused across origins", (redirectMode) => {
    const problem = { code: "no-cors-redirect-mode", stage: "request", redirectMode } as const;
    expectProblem(drive(request(api, { ...image, redirectMode }), []), problem, 0);
    expect(drive(request(app, { ...image, redirectMode }), [respond(200)]).outcome.kind).toBe("response");
  });

  test("Cross-Origin-Resource-Policy blocks responses and redirects", () => {
    const problem = { code: "corp-blocked", policy: "same-origin", byEmbedderPolicy: false } as const;
    const corp = "Cross-Origin-Resource-Policy: same-origin";
    expectProblem(drive(request(api, image), [respond(200, corp)]), { ...problem, stage: "response" }, 1);
    expectProblem(
      drive(request(api, image), [respond(302, corp, "Location: /b")]),
      { ...problem, stage: "redirect" },
      1,
    );
    expect(drive(request(api), [respond(200, corp, allow)]).outcome.kind).toBe("response");
  });

  describe("a page with COEP", () => {
    const requireCorp = pageClient(app, { embedderPolicy: "require-corp" });
    const credentialless = pageClient(app, { embedderPolicy: "credentialless" });

    test("require-corp", () => {
      const problem = {
        code: "corp-blocked",
        stage: "response",
        policy: "same-origin",
        byEmbedderPolicy: true,
      } as const;
      const driven = drive(request(api, image, requireCorp), [respond(200)]);
      expectProblem(driven, problem, 1);
      expect(driven.requests[0]?.includeCredentials).toBe(true);
    });

    test("credentialless sends none and needs no policy", () => {
      const driven = drive(request(api, image, credentialless), [respond(200)]);
      expect(driven.requests[0]?.includeCredentials).toBe(false);
      expect(responseOf(driven).type).toBe("opaque");
    });

    test("credentialless sends them to its own origin, unless a redirect has tainted the request", () => {
      const driven = drive(request(app, image, credentialless), [
        respond(302, `Location: ${api}`),
        respond(302, `Location: ${app}`),
        respond(200),
      ]);
      expect(driven.requests.map(({ includeCredentials }) => includeCredentials)).toEqual([true, false, false]);
    });

    test("credentialless leaves mode cors alone", () => {
      const asked = request(api, { credentialsMode: "include" }, credentialless);
      expect(drive(asked, [respond(200, allowApp, allowCredentials)]).requests[0]?.includeCredentials).toBe(true);
    });
  });
});

describe("mode same-origin", () => {
  test("works within the origin", () => {
    expect(responseOf(drive(request(app, { mode: "same-origin" }), [respond(200)])).type).toBe("basic");
  });

  test("sends nothing to another", () => {
    const problem = { code: "mode-same-origin", stage: "request", url: `${api}/` } as const;
    expectProblem(drive(request(api, { mode: "same-origin" }), []), problem, 0);
  });

  test("follows no redirect to another", () => {
    const problem = { code: "mode-same-origin", stage: "redirect", url: `${api}/` } as const;
    expectProblem(drive(request(app, { mode: "same-origin" }), [respond(302, `Location: ${api}`)]), problem, 1);
  });
});

test("mode navigate crosses origins without CORS", () => {
  const init = { mode: "navigate", destination: "document", credentialsMode: "include", userActivation: true } as const;
  const driven = drive(request(api, { ...init, unsafeRequest: false }), [
    respond(302, `Location: ${cdn}`),
    respond(200),
  ]);
  const want = added({
    ...{ Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Origin: null },
    ...{ "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site" },
  });
  const withUser = [...want.slice(0, -1), "Sec-Fetch-User: ?1", ...want.slice(-1)];
  expect(driven.requests.map(lines)).toEqual([
    [`GET ${api}/`, ...withUser],
    [`GET ${cdn}/`, ...withUser],
  ]);
  expect(responseOf(driven)).toMatchObject({ type: "basic", url: `${cdn}/` });
});

describe("what is never sent", () => {
  const insecure = pageClient("http://app.example/");
  test.each<[title: string, asked: FetchRequest, problem: Problem]>([
    ["a bad port", request("https://api.example:6000/"), { code: "bad-port", stage: "request", port: 6000 }],
    [
      "mixed content",
      request("http://api.example/"),
      { code: "mixed-content", stage: "request", url: "http://api.example/" },
    ],
    [
      "keepalive beyond the limit",
      request(api, {
        method: "POST",
        keepalive: true,
        body: { payload: "", length: keepaliveLimit + 1, replayable: true },
      }),
      { code: "keepalive-body-too-large", stage: "request", limit: 65536 },
    ],
    ["about:blank", request("about:blank"), { code: "url-scheme-unsupported", stage: "request", scheme: "about" }],
    [
      "about:config",
      request("about:config", { mode: "no-cors" }, insecure),
      { code: "url-unknown", stage: "request", url: "about:config" },
    ],
    [
      "ftp:",
      request("ftp://api.example/", {}, insecure),
      { code: "url-scheme-unsupported", stage: "request", scheme: "ftp" },
    ],
    [
      "file: in mode no-cors",
      request("file:///a", { mode: "no-cors" }),
      { code: "url-scheme-unsupported", stage: "request", scheme: "file" },
    ],
    [
      "an unknown scheme in mode same-origin",
      request("x:y", { mode: "same-origin" }, insecure),
      { code: "mode-same-origin", stage: "request", url: "x:y" },
    ],
    [
      "a data: URL that does not parse",
      request("data:text/html"),
      { code: "url-unknown", stage: "request", url: "data:text/html" },
    ],
    ["a foreign blob:", request(`blob:${api}/1`), { code: "url-scheme-unsupported", stage: "request", scheme: "blob" }],
    [
      "a blob: by another method than GET",
      request(`blob:${app}/1`, { method: "POST" }),
      { code: "url-unknown", stage: "request", url: `blob:${app}/1` },
    ],
  ])("%s", (_, asked, problem) => expectProblem(drive(asked, []), problem, 0));

  test("the limit of keepalive holds for all that the page has under way", () => {
    const body: RequestBody = { payload: "", length: 10, replayable: true };
    const beacon = request(api, { method: "POST", keepalive: true, body });
    const under = contextOf({ inflightKeepaliveBytes: keepaliveLimit - 10 });
    expect(drive(beacon, [respond(200, allow)], under).outcome.kind).toBe("response");
    const over = contextOf({ inflightKeepaliveBytes: keepaliveLimit - 9 });
    expectProblem(drive(beacon, [], over), { code: "keepalive-body-too-large", stage: "request", limit: 65536 }, 0);
  });
});

describe("other schemes", () => {
  test.each([
    ["mode cors", {}],
    ["mode same-origin", { mode: "same-origin" }],
    ["mode no-cors", { mode: "no-cors" }],
    ["any method", { method: "POST", headers: [["X-A", "1"]] }],
  ] as [string, Partial<FetchRequest>][])("data: answers without a request: %s", (_, init) => {
    const response = responseOf(drive(request("data:text/css,a#b", init), []));
    expect(response).toMatchObject({
      ...{ type: "basic", status: 200, statusText: "OK", url: "data:text/css,a", redirected: false },
      headers: [["Content-Type", "text/css"]],
    });
    expect(response.body).toEqual(Uint8Array.from([0x61]));
  });

  test("data: for HEAD has no body", () => {
    expect(responseOf(drive(request("data:,a", { method: "HEAD" }), [])).body).toBeNull();
  });

  test("data: tells its length in Firefox", () => {
    const { headers } = responseOf(drive(request("data:,a"), [], contextOf({ profile: profiles.firefox })));
    expect(headers).toContainEqual(["Content-Length", "1"]);
  });

  test("about:blank is an empty page", () => {
    expect(responseOf(drive(request("about:blank", { mode: "navigate" }), []))).toMatchObject({
      ...{ type: "basic", status: 200, url: "about:blank", body: new Uint8Array() },
      headers: [["Content-Type", "text/html;charset=utf-8"]],
    });
  });

  test("the page's own blob: is read by whoever drives the fetch", () => {
    const driven = drive(request(`blob:${app}/1`), [respond(200, "Content-Type: a/b")]);
    expect(driven.requests.map(({ url }) => url.href)).toEqual([`blob:${app}/1`]);
    expect(responseOf(driven)).toMatchObject({ type: "basic", headers: [["Content-Type", "a/b"]] });
  });

  test("a blob: that is not there", () => {
    const driven = drive(request(`blob:${app}/1`), [{ kind: "network-error", reason: "unknown", message: "" }]);
    expectProblem(driven, { code: "url-unknown", stage: "request", url: `blob:${app}/1` }, 1);
  });
});

describe("the response", () => {
  test("none at all", () => {
    const problem = { code: "network-error", stage: "response", reason: "connection-refused", message: "x" } as const;
    expectProblem(
      drive(request(api), [{ kind: "network-error", reason: "connection-refused", message: "x" }]),
      problem,
      1,
    );
  });

  test("cache mode only-if-cached with nothing stored", () => {
    const asked = request(app, { mode: "same-origin", cacheMode: "only-if-cached" });
    const driven = drive(asked, [{ kind: "network-error", reason: "unknown", message: "" }]);
    expectProblem(driven, { code: "only-if-cached-miss", stage: "request", url: `${app}/` }, 1);
  });

  test("407 is a network error, before the CORS check", () => {
    const problem = { code: "proxy-authentication-required", stage: "response", status: 407 } as const;
    expectProblem(drive(request(api), [respond(407)]), problem, 1);
    const asFirefox = drive(request(api), [respond(407, allow)], contextOf({ profile: profiles.firefox }));
    expect(responseOf(asFirefox).status).toBe(407);
  });

  test("421 is answered by one more try on a new connection", () => {
    const driven = drive(request(api), [respond(421), respond(200, allow)]);
    expect(responseOf(driven).status).toBe(200);
    expect(driven.requests.map(({ newConnection }) => newConnection)).toEqual([undefined, true]);
    expect(driven.requests.map(lines)).toEqual([
      [`GET ${api}/`, ...added()],
      [`GET ${api}/`, ...added()],
    ]);
    expect(driven.outcome.exchanges).toHaveLength(2);
  });

  test("421 twice is the response", () => {
    expect(responseOf(drive(request(api), [respond(421), respond(421, allow)])).status).toBe(421);
  });

  test("421 for a body that can be sent only once is the response", () => {
    const body: RequestBody = { payload: "x", length: null, replayable: false };
    expect(responseOf(drive(request(api, { method: "POST", body }), [respond(421, allow)])).status).toBe(421);
  });

  test("421 for a preflight", () => {
    const responses = [respond(421), respond(200, allow, "Access-Control-Allow-Methods: PUT"), respond(200, allow)];
    expect(drive(request(api, { method: "PUT" }), responses).requests.map(({ kind }) => kind)).toEqual([
      "preflight",
      "preflight",
      "actual",
    ]);
  });

  test.each([101, 103, 204, 205, 304])("status %i has no body", (status) => {
    expect(responseOf(drive(request(app), [respond(status)]))).toMatchObject({ status, body: null });
  });

  test("HEAD has no body", () => {
    expect(responseOf(drive(request(app, { method: "HEAD" }), [respond(200)])).body).toBeNull();
  });

  test("a script of another type is blocked", () => {
    const script = request(app, { destination: "script", mode: "no-cors" });
    const problem = { code: "mime-type-blocked", stage: "response", mimeType: "image/png" } as const;
    expectProblem(drive(script, [respond(200, "Content-Type: image/png")]), problem, 1);
  });

  test("nosniff blocks a style sheet of another type", () => {
    const style = request(app, { destination: "style", mode: "no-cors" });
    const nosniff = "X-Content-Type-Options: nosniff";
    const problem = { code: "nosniff-blocked", stage: "response" } as const;
    expectProblem(
      drive(style, [respond(200, nosniff, "Content-Type: text/html; a=b")]),
      { ...problem, mimeType: "text/html" },
      1,
    );
    expectProblem(drive(style, [respond(200, nosniff)]), { ...problem, mimeType: null }, 1);
    expect(drive(style, [respond(200, nosniff, "Content-Type: text/css")]).outcome.kind).toBe("response");
  });

  test.each<[title: string, init: Partial<FetchRequest>, answer: NetworkResponse]>([
    ["an opaque response", { mode: "no-cors" }, respond(200)],
    ["a redirect that is not followed", { redirectMode: "manual" }, respond(302, allow)],
    ["HEAD", { method: "HEAD" }, respond(200, allow)],
    ["204", {}, respond(204, allow)],
  ])("integrity metadata never matches what has no body: %s", (_, init, answer) => {
    const problem = { code: "integrity-mismatch", stage: "response", integrity: "sha256-x" } as const;
    expectProblem(drive(request(api, { ...init, integrity: "sha256-x" }), [answer]), problem, 1);
  });

  test("integrity metadata is left to whoever reads the body", () => {
    expect(drive(request(api, { integrity: "sha256-x" }), [respond(200, allow)]).outcome.kind).toBe("response");
  });
});
