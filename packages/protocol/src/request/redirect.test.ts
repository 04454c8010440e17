import { describe, expect, test } from "vitest";
import type { Header, HeaderList } from "../header/header-list.ts";
import { createOpaqueOrigin, originOf } from "../origin/origin.ts";
import type { Profile, RedirectRules } from "../profile/profile.ts";
import { profiles } from "../profile/profiles.ts";
import { standard } from "../profile/standard.ts";
import { httpRedirect, isHttpScheme, isRedirect, type RedirectableRequest, redirectLimit } from "./redirect.ts";
import type { RequestBody } from "./request.ts";

const page = originOf(new URL("https://app.example"));
const stage = "redirect";

function request(init: Partial<RedirectableRequest> = {}): RedirectableRequest {
  const { headers = [], originalHeaders = headers, method = "GET", originalMethod = method } = init;
  return {
    ...{ body: null, mode: "cors", origin: page, responseTainting: "cors", redirectCount: 0 },
    ...{ url: new URL("https://api.example/a"), ...init, method, originalMethod, headers, originalHeaders },
  };
}

function redirect(init: Partial<RedirectableRequest>, location: string, status = 302, rules?: RedirectRules) {
  return httpRedirect(request(init), { status, headers: [["Location", location]] }, rules);
}

/** The method, headers and body after a redirect that must not fail. */
function redirected(init: Partial<RedirectableRequest>, location: string, status = 302, rules?: RedirectRules) {
  const result = redirect(init, location, status, rules);
  if (result.kind !== "redirect") throw new Error(JSON.stringify(result));
  return result.redirection;
}

function rules(changes: Partial<RedirectRules>): RedirectRules {
  return { ...standard.redirect, ...changes };
}

const bytes: RequestBody = { payload: "x", length: 1, replayable: true };
const stream: RequestBody = { payload: "x", length: null, replayable: false };

describe("method and body", () => {
  const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "post", "CHICKEN"];
  const becomeGet: Record<number, readonly string[]> = {
    301: ["POST"],
    302: ["POST"],
    303: methods.filter((method) => method !== "GET" && method !== "HEAD"),
    307: [],
    308: [],
  };
  const rows = Object.entries(becomeGet).flatMap(([status, rewritten]) =>
    methods.map((method) => {
      const isRewritten = rewritten.includes(method);
      return { status: Number(status), method, isRewritten, becomes: isRewritten ? "GET without body" : method };
    }),
  );
  const headers: Header[] = [
    ["Content-Encoding", "gzip"],
    ["content-language", "de"],
    ["CONTENT-LOCATION", "/"],
    ["Content-Type", "text/plain"],
    ["Content-Disposition", "inline"],
    ["X-A", "1"],
  ];

  test.each(rows)("$status after $method: $becomes", ({ status, method, isRewritten }) => {
    expect(redirected({ method, body: bytes, headers }, "/b", status)).toEqual({
      url: new URL("https://api.example/b"),
      method: isRewritten ? "GET" : method,
      headers: isRewritten ? headers.slice(4) : headers,
      announced: isRewritten ? headers.slice(4) : headers,
      body: isRewritten ? null : bytes,
    });
  });

  test.each([301, 302, 307, 308])("status %i with a body that can be sent only once", (status) => {
    const problem = { code: "redirect-body-not-replayable", stage, status };
    expect(redirect({ method: "POST", body: stream }, "/b", status)).toEqual({ kind: "problem", problem });
  });

  test("303 needs the body no more", () => {
    expect(redirected({ method: "PUT", body: stream }, "/b", 303)).toMatchObject({ method: "GET", body: null });
  });

  describe("profiles", () => {
    const contentType: Header = ["Content-Type", "a/b"];
    const authorization: Header = ["Authorization", "x"];
    const other = "https://b.example/";

    test("DELETE loses its body, not its headers, on the way to another origin (webkit)", () => {
      const init = { method: "DELETE", body: bytes, headers: [contentType] };
      const want = { method: "GET", body: null, headers: [contentType] };
      expect(redirected(init, other, 307, profiles.webkit.redirect)).toMatchObject(want);
      expect(redirected(init, "/b", 307, profiles.webkit.redirect).method).toBe("DELETE");
      expect(redirected(init, other, 307).method).toBe("DELETE");
    });

    test("headers removed with the body return after the next redirect (webkit)", () => {
      const init = { originalHeaders: [contentType], headers: [] };
      expect(redirected(init, "/b", 302, profiles.webkit.redirect).headers).toEqual([contentType]);
      expect(redirected(init, "/b", 302).headers).toEqual([]);
      expect(redirected({ ...init, method: "POST" }, "/b", 302, profiles.webkit.redirect).headers).toEqual([]);
    });

    test("headers removed with the body return after a redirect that would keep the script's method (firefox)", () => {
      const init = { originalMethod: "POST", originalHeaders: [contentType], headers: [] };
      expect(redirected(init, other, 307, profiles.firefox.redirect).headers).toEqual([contentType]);
      expect(redirected(init, "/b", 308, profiles.firefox.redirect).headers).toEqual([contentType]);
      expect(redirected(init, other, 302, profiles.firefox.redirect).headers).toEqual([]);
      expect(redirected(init, other, 307).headers).toEqual([]);
    });

    test("a preflight announces headers that an earlier redirect removed, where it does", () => {
      const init = { originalMethod: "POST", originalHeaders: [contentType, authorization], headers: [] };
      const announced = (status: number, location: string, profile: Profile, changes = {}) =>
        redirected({ ...init, ...changes }, location, status, profile.redirect).announced;
      expect(announced(302, "/b", profiles.firefox)).toEqual([contentType, authorization]);
      expect(announced(302, other, profiles.firefox)).toEqual([contentType]);
      expect(announced(302, other, profiles.firefox, { method: "POST" })).toEqual([]);
      expect(announced(302, other, profiles.webkit, { method: "POST" })).toEqual([contentType, authorization]);
      expect(announced(302, "/b", standard)).toEqual([]);
    });

    test("client hints do not leave the page's origin (chromium)", () => {
      const headers: Header[] = [
        ["DPR", "1"],
        ["Save-Data", "on"],
      ];
      const url = new URL("https://app.example/");
      expect(redirected({ url, headers }, "/b", 302, profiles.chromium.redirect).headers).toEqual(headers);
      expect(redirected({ url, headers }, other, 302, profiles.chromium.redirect).headers).toEqual(headers.slice(1));
      expect(redirected({ headers }, "/b", 302, profiles.chromium.redirect).headers).toEqual(headers.slice(1));
      expect(redirected({ headers }, "/b", 302).headers).toEqual(headers);
    });

    test.each<[title: string, init: Partial<RedirectableRequest>, location: string]>([
      ["leaves the page's origin", { responseTainting: "basic", url: new URL("https://app.example/") }, other],
      ["comes back to it", {}, "https://app.example/"],
    ])("headers removed with the body return when the request %s (webkit)", (_, init, location) => {
      const asked = { ...init, originalHeaders: [contentType], headers: [] };
      expect(redirected(asked, location, 302, profiles.webkit.redirect).headers).toEqual([contentType]);
      const noCors = { ...asked, mode: "no-cors" } as const;
      expect(redirected(noCors, location, 302, profiles.webkit.redirect).headers).toEqual([]);
    });

    test("headers removed with the body do not return within the page's own origin (webkit)", () => {
      const init = {
        originalHeaders: [contentType],
        headers: [],
        responseTainting: "basic",
        url: new URL("https://app.example/"),
      };
      expect(redirected(init as Partial<RedirectableRequest>, "/b", 302, profiles.webkit.redirect).headers).toEqual([]);
    });
  });
});

describe("Authorization", () => {
  const headers: Header[] = [
    ["AUTHORIZATION", "Basic eA=="],
    ["X-A", "1"],
  ];
  const removed = headers.slice(1);

  test.each<[title: string, location: string, want: HeaderList]>([
    ["stays within the origin", "/b", headers],
    ["stays with the default port written out", "https://api.example:443/b", headers],
    ["goes to no other host", "https://b.example/", removed],
    ["goes to no subdomain", "https://x.api.example/", removed],
    ["goes to no other port", "https://api.example:8443/", removed],
    ["goes to no other scheme", "http://api.example/", removed],
    ["does not go back to the page", "https://app.example/", removed],
  ])("%s: %s", (_, location, want) => expect(redirected({ headers }, location).headers).toEqual(want));

  test("once removed it is gone, but returns after the next same-origin redirect in Firefox", () => {
    const init = { headers: removed, originalHeaders: headers };
    const authorization = headers.slice(0, 1);
    expect(redirected(init, "/b").headers).toEqual(removed);
    expect(redirected(init, "/b", 302, profiles.firefox.redirect).headers).toEqual([...removed, ...authorization]);
    expect(redirected(init, "https://b.example", 302, profiles.firefox.redirect).headers).toEqual(removed);
    expect(redirected({ headers, originalHeaders: headers }, "/b", 302, profiles.firefox.redirect).headers).toEqual(
      headers,
    );
  });
});

describe("user info in Location", () => {
  const refused = (location: string) => ({
    kind: "problem",
    problem: { code: "redirect-with-credentials-in-url", stage, location },
  });
  const own = "https://user@app.example/";
  const foreign = "https://:pass@b.example/";

  test.each<[title: string, init: Partial<RedirectableRequest>, location: string, want: "followed" | "refused"]>([
    ["mode cors, tainted cors, other origin", {}, foreign, "refused"],
    ["mode cors, tainted cors, back to the page", {}, own, "refused"],
    ["mode cors, still basic, other origin", { responseTainting: "basic" }, foreign, "refused"],
    ["mode cors, still basic, own origin", { responseTainting: "basic" }, own, "followed"],
    ["mode no-cors", { mode: "no-cors", responseTainting: "opaque" }, foreign, "followed"],
    ["mode navigate", { mode: "navigate", responseTainting: "basic" }, foreign, "followed"],
    ["mode same-origin", { mode: "same-origin", responseTainting: "basic" }, foreign, "followed"],
    ["opaque page, still basic", { origin: createOpaqueOrigin(), responseTainting: "basic" }, own, "refused"],
  ])("%s", (_, init, location, want) => {
    const result = redirect(init, location);
    if (want === "refused") expect(result).toEqual(refused(location));
    else expect(result).toMatchObject({ kind: "redirect", redirection: { url: new URL(location) } });
  });

  test("user info without characters is none", () => {
    expect(redirect({}, "https://:@b.example/")).toMatchObject({ kind: "redirect" });
  });

  test("refused always where a profile says so", () => {
    const init = { mode: "no-cors", responseTainting: "opaque" } as const;
    expect(redirect(init, foreign, 302, profiles.chromium.redirect)).toEqual(refused(foreign));
  });
});

describe("what cannot be followed", () => {
  const problems = (location: string, init: Partial<RedirectableRequest> = {}) => redirect(init, location);

  test("no Location leaves the response as it is", () => {
    expect(httpRedirect(request(), { status: 302, headers: [] })).toEqual({ kind: "response" });
  });

  test("a Location that does not parse", () => {
    const problem = { code: "redirect-location-invalid", stage, location: "https://" };
    expect(problems("https://")).toEqual({ kind: "problem", problem });
  });

  test.each(["data:,x", "about:blank", "blob:https://app.example/1", "ftp://b.example/", "javascript:1", "file:///a"])(
    "scheme of %s",
    (location) => {
      expect(problems(location)).toEqual({ kind: "problem", problem: { code: "redirect-scheme", stage, location } });
    },
  );

  test("the fragment of the request passes on to a refused Location too", () => {
    const problem = { code: "redirect-scheme", stage, location: "data:,x#a" };
    expect(problems("data:,x", { url: new URL("https://api.example/#a") })).toEqual({ kind: "problem", problem });
  });

  test("20 redirects are followed", () => expect(problems("/b", { redirectCount: 19 }).kind).toBe("redirect"));

  test("21 are not", () => {
    expect(redirectLimit).toBe(20);
    const problem = { code: "redirect-count", stage, limit: 20 };
    expect(problems("/b", { redirectCount: 20 })).toEqual({ kind: "problem", problem });
  });

  test.each([
    ["chromium", "navigate", 19],
    ["chromium", "no-cors", 20],
    ["firefox", "navigate", 20],
    ["standard", "navigate", 20],
  ] as const)("%s follows, in mode %s, %i redirects", (name, mode, limit) => {
    const kinds = [limit - 1, limit].map((redirectCount) => {
      return redirect({ mode, redirectCount }, "/b", 302, profiles[name].redirect).kind;
    });
    expect(kinds).toEqual(["redirect", "problem"]);
  });

  test.each<[title: string, init: Partial<RedirectableRequest>, location: string, code: string]>([
    ["the URL before the scheme", { redirectCount: 20 }, "https://", "redirect-location-invalid"],
    ["the scheme before the count", { redirectCount: 20 }, "data:,x", "redirect-scheme"],
    ["the count before user info", { redirectCount: 20 }, "https://u@b.example", "redirect-count"],
    ["user info before the body", { body: stream }, "https://u@b.example", "redirect-with-credentials-in-url"],
  ])("order: %s", (_, init, location, code) => {
    expect(problems(location, init)).toMatchObject({ kind: "problem", problem: { code } });
  });
});

describe("isRedirect", () => {
  const statuses = Array.from({ length: 600 }, (_, status) => status);
  const location: Header[] = [["LOCATION", "/"]];

  test("301, 302, 303, 307 and 308, with or without Location", () => {
    const want = [301, 302, 303, 307, 308];
    expect(statuses.filter((status) => isRedirect({ status, headers: location }))).toEqual(want);
    expect(statuses.filter((status) => isRedirect({ status, headers: [] }))).toEqual(want);
  });

  test("309 to 399 with a Location where a profile says so", () => {
    const followsUnassigned = rules({ followsUnassignedStatuses: true });
    const more = statuses.slice(309, 400);
    const want = [301, 302, 303, 307, 308];
    expect(statuses.filter((status) => isRedirect({ status, headers: location }, followsUnassigned))).toEqual([
      ...want,
      ...more,
    ]);
    expect(statuses.filter((status) => isRedirect({ status, headers: [] }, followsUnassigned))).toEqual(want);
  });
});

test.each([
  ["http://a/", true],
  ["https://a/", true],
  ["ws://a/", false],
  ["file:///a", false],
  ["data:,x", false],
])("HTTP(S) scheme: %s %s", (url, want) => expect(isHttpScheme(new URL(url))).toBe(want));
