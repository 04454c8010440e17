import fc from "fast-check";
import { expect, test } from "vitest";
import { contextOf, respond } from "../../test/drive.ts";
import { pageClient, registrableDomain } from "../../test/page.ts";
import { corsPreflightProblems } from "../cors/cors-preflight.ts";
import { CorsPreflightCache } from "../cors/cors-preflight-cache.ts";
import type { Header } from "../header/header-list.ts";
import { isForbiddenResponseHeaderName } from "../header/response-header.ts";
import { createOpaqueOrigin, originOf } from "../origin/origin.ts";
import type { ProfileName } from "../profile/profile.ts";
import { profiles } from "../profile/profiles.ts";
import type { ReferrerPolicy } from "../request/referrer.ts";
import {
  type CacheMode,
  type Client,
  type CredentialsMode,
  createRequest,
  type Destination,
  type EmbedderPolicy,
  type FetchRequest,
  type InitiatorType,
  type RedirectMode,
  type RequestBody,
  type RequestMode,
} from "../request/request.ts";
import type { NetworkErrorReason, NetworkResponse } from "./exchange.ts";
import { mainFetch } from "./main-fetch.ts";

const app = "https://app.example";
const api = "https://api.example";
const profileName = fc.constantFrom<ProfileName[]>("standard", "chromium", "firefox", "webkit");

test("a request skips its preflight only when earlier ones granted it, and that long", () => {
  const url = fc.constantFrom(`${api}/a`, `${api}/b`);
  const list = (items: string[]) => fc.subarray(items).map((chosen) => chosen.join(", "));
  const step = fc.record({
    wait: fc.constantFrom(0, 1, 4, 5, 30),
    url,
    page: fc.constantFrom(app, "https://other.example"),
    method: fc.constantFrom("GET", "PUT", "PATCH"),
    names: fc.subarray(["X-A", "x-b", "Authorization"]),
    withCredentials: fc.boolean(),
    useCorsPreflight: fc.boolean(),
    methods: list(["PUT", "PATCH", "GET", "*"]),
    headerNames: list(["x-a", "X-B", "authorization", "*"]),
    maxAge: fc.constantFrom(null, "0", "3", "20", "99999", "-1", "2s"),
    status: fc.constantFrom(204, 204, 204, 404),
  });
  interface Grant {
    readonly key: string;
    readonly withCredentials: boolean;
    readonly methods: readonly string[];
    readonly names: readonly string[];
    readonly until: number;
  }
  let skipped = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 12 }), (steps) => {
      let now = 0;
      const context = contextOf({ preflightCache: new CorsPreflightCache({ now: () => now * 1000 }) });
      const grants: Grant[] = [];
      for (const each of steps) {
        now += each.wait;
        const { method, names, withCredentials, useCorsPreflight } = each;
        const key = `${each.page} ${each.url}`;
        const client = pageClient(each.page);
        const request = createRequest(new URL(each.url), client, client.origin, {
          ...{ method, useCorsPreflight, credentialsMode: withCredentials ? "include" : "omit" },
          headers: names.map((name): Header => [name, "1"]),
        });
        const fetching = mainFetch(request, context);
        const first = fetching.next();
        if (first.done === true) throw new Error("nothing sent");
        const allowed = [`Access-Control-Allow-Origin: ${each.page}`, "Access-Control-Allow-Credentials: true"];
        if (first.value.kind === "preflight") {
          const maxAge = each.maxAge === null ? [] : [`Access-Control-Max-Age: ${each.maxAge}`];
          const methods = each.methods === "" ? [] : [`Access-Control-Allow-Methods: ${each.methods}`];
          const answer = respond(
            each.status,
            ...allowed,
            ...methods,
            `Access-Control-Allow-Headers: ${each.headerNames}`,
            ...maxAge,
          );
          if (fetching.next(answer).done === true) continue;
          fetching.next(respond(200, ...allowed));
          const seconds = /^\d+$/.test(each.maxAge ?? "") ? Math.min(Number(each.maxAge), 7200) : 5;
          grants.push({
            ...{ key, withCredentials, until: now + seconds },
            methods: each.methods === "" && useCorsPreflight ? [method] : each.methods.split(", "),
            names: each.headerNames.toLowerCase().split(", "),
          });
          continue;
        }
        fetching.next(respond(200, ...allowed));
        if (first.value.preflight === "not-needed") continue;
        skipped += 1;
        const valid = grants.filter(
          (grant) => grant.key === key && grant.until > now && (grant.withCredentials || !withCredentials),
        );
        if (method !== "GET" || useCorsPreflight) {
          const grantsMethod = ({ methods }: Grant) =>
            methods.includes(method) || (methods.includes("*") && !withCredentials);
          expect(valid.some(grantsMethod), `${method} at ${now}`).toBe(true);
        }
        for (const name of names.map((upper) => upper.toLowerCase())) {
          const isWild = !withCredentials && name !== "authorization";
          const grantsName = (grant: Grant) => grant.names.includes(name) || (isWild && grant.names.includes("*"));
          expect(valid.some(grantsName), `${name} at ${now}`).toBe(true);
        }
      }
    }),
    { numRuns: 1000 },
  );
  expect(skipped).toBeGreaterThan(0);
});

test("a request is sent exactly when its preflight has no problem", () => {
  const line = fc.constantFrom(
    ...["Access-Control-Allow-Origin: *", `Access-Control-Allow-Origin: ${app}`, "Access-Control-Allow-Origin: null"],
    ...[
      "Access-Control-Allow-Credentials: true",
      "Access-Control-Allow-Methods: *",
      "Access-Control-Allow-Methods: PUT",
    ],
    ...[
      "Access-Control-Allow-Methods: get, put",
      "Access-Control-Allow-Headers: *",
      "Access-Control-Allow-Headers: x-a, x-b",
    ],
    ...["Access-Control-Allow-Headers: authorization", "Access-Control-Allow-Headers: a b", "Location: /"],
  );
  const status = fc.constantFrom(200, 200, 204, 204, 299, 301, 404, 421, 500);
  const answer = fc.tuple(status, fc.uniqueArray(line, { maxLength: 7 }));
  const init = fc.record({
    method: fc.constantFrom("GET", "PUT", "put", "PATCH"),
    headers: fc.subarray<Header>([
      ["X-A", "1"],
      ["x-b", ""],
      ["AUTHORIZATION", "x"],
    ]),
    credentialsMode: fc.constantFrom<CredentialsMode[]>("include", "omit"),
    useCorsPreflight: fc.boolean(),
  });
  const client = pageClient(app);
  fc.assert(
    fc.property(init, answer, profileName, (asked, [code, lines], name) => {
      const request = createRequest(new URL(api), client, client.origin, asked);
      const response = respond(code, ...lines);
      if (response.kind !== "response") return;
      const profile = profiles[name];
      const fetching = mainFetch(request, contextOf({ profile }));
      const first = fetching.next();
      fc.pre(first.done !== true && first.value.kind === "preflight");
      const problems = corsPreflightProblems({ ...asked, serializedOrigin: app }, response, profile);
      let second = fetching.next(response);
      if (code === 421) second = fetching.next(response);
      if (problems.length === 0)
        expect(second).toMatchObject({ done: false, value: { kind: "actual", method: asked.method } });
      else expect(second).toMatchObject({ done: true, value: { kind: "network-error", problem: problems[0] } });
    }),
    { numRuns: 1000 },
  );
});

test("no input makes a fetch loop or throw, and no response shows more than it may", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.string());
  const anyUrl = fc
    .oneof(
      fc.constantFrom(
        ...[
          `${app}/a#b`,
          `${api}/`,
          "http://api.example/",
          "http://localhost:3000/",
          "https://[::1]/",
          "https://api.example:25/",
        ],
        ...[
          "data:,x",
          "data:x",
          "about:blank",
          "about:srcdoc",
          `blob:${app}/1`,
          "blob:null/1",
          "file:///a",
          "javascript:1",
          "x:y",
        ],
      ),
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
    )
    .filter((url) => URL.canParse(url));
  const url = anyUrl.map((href) => new URL(href));
  const origin = fc.oneof(url.map(originOf), fc.constant(createOpaqueOrigin()));
  const policy = fc.constantFrom<ReferrerPolicy[]>(
    "no-referrer",
    "origin",
    "same-origin",
    "unsafe-url",
    "strict-origin",
  );
  const client: fc.Arbitrary<Client | null> = fc.option(
    fc.record({
      ...{
        creationUrl: url,
        origin,
        topLevelOrigin: origin,
        embedderOrigin: fc.option(origin),
        referrerPolicy: policy,
      },
      embedderPolicy: fc.constantFrom<EmbedderPolicy[]>("unsafe-none", "require-corp", "credentialless"),
      hasCrossSiteAncestor: fc.boolean(),
    }),
  );
  const requestName = fc.oneof(
    fc.constantFrom("Authorization", "Content-Type", "Range", "If-None-Match", "accept", "User-Agent", "Origin", "X-A"),
    text,
  );
  const requestHeader: fc.Arbitrary<Header> = fc.tuple(
    requestName,
    fc.oneof(fc.constantFrom("bytes=0-9", "text/plain", "BYTES= -5", ",", "\u00ff"), text),
  );
  const body: fc.Arbitrary<RequestBody> = fc.record({
    payload: fc.constant(null),
    length: fc.option(fc.nat(100_000)),
    replayable: fc.boolean(),
  });
  const init: fc.Arbitrary<Partial<FetchRequest>> = fc.record({
    method: fc.oneof(fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "patch"), text),
    headers: fc.array(requestHeader, { maxLength: 5 }),
    body: fc.option(body, { nil: null }),
    mode: fc.constantFrom<RequestMode[]>("cors", "no-cors", "same-origin", "navigate", "websocket"),
    credentialsMode: fc.constantFrom<CredentialsMode[]>("include", "omit", "same-origin"),
    redirectMode: fc.constantFrom<RedirectMode[]>("follow", "follow", "manual", "error"),
    cacheMode: fc.constantFrom<CacheMode[]>(
      "default",
      "no-store",
      "no-cache",
      "reload",
      "force-cache",
      "only-if-cached",
    ),
    destination: fc.constantFrom<Destination[]>("", "image", "script", "style", "document", "iframe"),
    initiatorType: fc.constantFrom<InitiatorType[]>("fetch", "beacon", "img", "xmlhttprequest"),
    unsafeRequest: fc.boolean(),
    useCorsPreflight: fc.boolean(),
    referrer: fc.oneof(fc.constantFrom("client" as const, "no-referrer" as const), url),
    referrerPolicy: fc.oneof(fc.constant("" as const), policy),
    integrity: fc.constantFrom("", "", "sha256-x"),
    keepalive: fc.boolean(),
    userActivation: fc.boolean(),
  });
  const responseName = fc.oneof(
    fc.constantFrom(
      ...["Access-Control-Allow-Origin", "access-control-allow-credentials", "Access-Control-Allow-Methods"],
      ...[
        "Access-Control-Allow-Headers",
        "Access-Control-Expose-Headers",
        "Access-Control-Max-Age",
        "Location",
        "LOCATION",
      ],
      ...[
        "Content-Type",
        "X-Content-Type-Options",
        "Cross-Origin-Resource-Policy",
        "Referrer-Policy",
        "Set-Cookie",
        "X-A ",
      ],
    ),
    text,
  );
  const responseValue = fc.oneof(
    fc.constantFrom(
      ...[
        "*",
        "null",
        "true",
        app,
        "PUT, *",
        "*, authorization, x-a",
        "60",
        "-1",
        "nosniff",
        "same-origin",
        "no-referrer",
      ],
      ...[
        "/",
        "",
        "#",
        `${app}/b`,
        `${api}/b`,
        "https://cdn.example/",
        "https://u:p@cdn.example/",
        "data:,x",
        "https://",
        "\u00e9",
      ],
    ),
    text,
  );
  const permissive: Header[] = [
    ["Access-Control-Allow-Methods", "*, GET, PUT, DELETE"],
    ["Access-Control-Allow-Headers", "*, authorization"],
  ];
  const answered: fc.Arbitrary<NetworkResponse> = fc
    .tuple(
      fc.constantFrom(200, 204, 206, 301, 302, 303, 307, 308, 304, 305, 309, 399, 404, 407, 421, 500, 0, 999),
      fc.array(fc.tuple(responseName, responseValue), { maxLength: 6 }),
      fc.option(fc.constantFrom("*", "null", app)),
    )
    .map(([status, headers, allowed]) => {
      const cors: Header[] = allowed === null ? [] : [["Access-Control-Allow-Origin", allowed], ...permissive];
      return { kind: "response", status, statusText: "", headers: [...cors, ...headers], body: null };
    });
  const unanswered: fc.Arbitrary<NetworkResponse> = fc
    .constantFrom<NetworkErrorReason[]>("aborted", "dns", "unknown")
    .map((reason) => ({ kind: "network-error", reason, message: "" }));
  const responses = fc.array(fc.oneof({ arbitrary: answered, weight: 9 }, { arbitrary: unanswered, weight: 1 }), {
    ...{ minLength: 1, maxLength: 4 },
  });

  fc.assert(
    fc.property(url, client, origin, init, responses, profileName, (target, asking, from, asked, answers, name) => {
      const request = createRequest(target, asking, asking?.origin ?? from, asked);
      const context = {
        preflightCache: new CorsPreflightCache({ now: () => 0 }),
        registrableDomain,
        profile: profiles[name],
      };
      const fetching = mainFetch(request, context);
      let sent = 0;
      let sentOnce = 0;
      let step = fetching.next();
      while (step.done !== true) {
        if (step.value.newConnection !== true) sentOnce += 1;
        step = fetching.next(answers[sent % answers.length] as NetworkResponse);
        sent += 1;
        // One preflight and one request for each of 20 redirects and the first; each once more after 421.
        expect(sentOnce).toBeLessThanOrEqual(2 * 21);
        expect(sent).toBeLessThanOrEqual(4 * 21);
      }
      const outcome = step.value;
      if (outcome.kind === "network-error") return;
      const { type, headers, status } = outcome.response;
      expect(headers.filter(([name]) => isForbiddenResponseHeaderName(name))).toEqual([]);
      if (type.startsWith("opaque")) expect({ headers, status }).toEqual({ headers: [], status: 0 });
    }),
    { numRuns: 3000 },
  );
});
