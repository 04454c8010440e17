import { describe, expect, test } from "vitest";
import { pageClient } from "../../test/page.ts";
import { createOpaqueOrigin, type Origin, originOf } from "../origin/origin.ts";
import type { OriginRules } from "../profile/profile.ts";
import { standard } from "../profile/standard.ts";
import type { ReferrerPolicy } from "./referrer.ts";
import type { RequestMode } from "./request.ts";
import {
  hasRedirectTaint,
  type OriginHeaderRequest,
  requestOriginHeader,
  serializeRequestOrigin,
} from "./request-origin.ts";

const app = "https://app.example";
const api = "https://api.example";
const cdn = "https://cdn.example";
const page = originOf(new URL(app));
const opaque = createOpaqueOrigin();

function rules(changes: Partial<OriginRules>): OriginRules {
  return { ...standard.origin, ...changes };
}

describe("redirect taint", () => {
  interface Row {
    readonly title: string;
    readonly origin?: Origin;
    readonly urls: readonly string[];
    readonly mode?: RequestMode;
    readonly rules?: OriginRules;
    readonly want: boolean;
  }

  const rows: Row[] = [
    { title: "no redirect", urls: [api], want: false },
    { title: "within the page's origin", urls: [app, app, app], want: false },
    { title: "within another origin", urls: [api, `${api}/b`], want: false },
    { title: "from the page to another origin", urls: [app, api], want: false },
    { title: "from the page to another origin and on", urls: [app, api, cdn], want: true },
    { title: "from one foreign origin to another", urls: [api, cdn], want: true },
    { title: "from another origin back to the page", urls: [api, app], want: true },
    { title: "once tainted, always", urls: [api, app, app], want: true },
    { title: "the port counts", urls: [`${api}:8443`, api], want: true },
    { title: "the scheme counts", urls: ["http://api.example", api], want: true },
    { title: "an opaque page, no redirect", origin: opaque, urls: [api], want: false },
    { title: "an opaque page, any change of origin", origin: opaque, urls: [app, api], want: true },
    { title: "a navigation that leaves the page's origin", urls: [app, api], mode: "navigate", want: false },
    {
      title: "a navigation that leaves the page's origin, where a profile says so",
      ...{ urls: [app, api], mode: "navigate", rules: rules({ crossOriginRedirectTaintsNavigation: true }) },
      want: true,
    },
    {
      title: "no navigation, where a profile says so for navigations",
      ...{ urls: [app, api], rules: rules({ crossOriginRedirectTaintsNavigation: true }) },
      want: false,
    },
  ];

  test.each(rows)("$title: $want", ({ origin = page, urls, mode = "cors", rules: used, want }) => {
    const request = { origin, mode, urlList: urls.map((url) => new URL(url)) };
    expect(hasRedirectTaint(request, used)).toBe(want);
    const serialized = origin === opaque ? "null" : app;
    expect(serializeRequestOrigin(request, used)).toBe(want ? "null" : serialized);
  });
});

interface Row extends Partial<OriginHeaderRequest> {
  readonly title: string;
  /** The current URL; that of the API when missing. */
  readonly url?: string;
  readonly rules?: OriginRules;
  readonly want: string | null;
}

function header({ title: _, want: _want, rules: used, url = api, ...init }: Row): string | null {
  const { method = "GET" } = init;
  return requestOriginHeader(
    {
      ...{ serializedOrigin: app, origin: page, urlList: [new URL(url)], client: pageClient(app), headers: [] },
      ...{ mode: "cors", method, originalMethod: method, referrerPolicy: "strict-origin-when-cross-origin" },
      ...{ responseTainting: "basic", destination: "", initiatorType: "fetch", storageAccess: null },
      ...init,
    },
    used,
  );
}

describe("the Origin header", () => {
  const rows: Row[] = [
    { title: "cors GET", responseTainting: "cors", want: app },
    { title: "cors HEAD", responseTainting: "cors", method: "HEAD", want: app },
    { title: "cors POST", responseTainting: "cors", method: "POST", want: app },
    { title: "cors, tainted by redirects", responseTainting: "cors", serializedOrigin: "null", want: "null" },
    {
      title: "cors tells the page whatever the referrer policy",
      responseTainting: "cors",
      referrerPolicy: "no-referrer",
      want: app,
    },
    { title: "same-origin GET", url: app, want: null },
    { title: "same-origin HEAD", url: app, method: "HEAD", want: null },
    { title: "same-origin POST", url: app, method: "POST", want: app },
    { title: "same-origin PUT", url: app, method: "PUT", want: app },
    { title: "same-origin OPTIONS", url: app, method: "OPTIONS", want: app },
    {
      title: "same-origin POST in mode cors, no-referrer",
      url: app,
      method: "POST",
      referrerPolicy: "no-referrer",
      want: app,
    },
    {
      title: "mode same-origin POST, no-referrer",
      url: app,
      mode: "same-origin",
      method: "POST",
      referrerPolicy: "no-referrer",
      want: "null",
    },
    { title: "no-cors GET", mode: "no-cors", responseTainting: "opaque", want: null },
    { title: "no-cors POST", mode: "no-cors", responseTainting: "opaque", method: "POST", want: app },
    { title: "navigation by GET", mode: "navigate", want: null },
    { title: "navigation by POST", mode: "navigate", method: "POST", want: app },
    { title: "WebSocket handshake", mode: "websocket", want: app },
    {
      title: "one that is already there is not added again",
      responseTainting: "cors",
      headers: [["origin", "x"]],
      want: null,
    },
  ];
  test.each(rows)("$title: $want", (row) => expect(header(row)).toBe(row.want));
});

describe("a POST that is not in mode cors obeys the referrer policy", () => {
  const http = "http://app.example";
  const policies: Record<ReferrerPolicy, readonly [same: string, cross: string, downgrade: string, fromHttp: string]> =
    {
      "no-referrer": ["null", "null", "null", "null"],
      "no-referrer-when-downgrade": [app, app, "null", http],
      origin: [app, app, app, http],
      "origin-when-cross-origin": [app, app, app, http],
      "same-origin": [app, "null", "null", "null"],
      "strict-origin": [app, app, "null", http],
      "strict-origin-when-cross-origin": [app, app, "null", http],
      "unsafe-url": [app, app, app, http],
    };

  test.each(Object.entries(policies) as [ReferrerPolicy, readonly string[]][])("%s: %j", (referrerPolicy, want) => {
    const post = { title: "", want: null, mode: "navigate", method: "POST", referrerPolicy } as const;
    const fromHttp = { origin: originOf(new URL(http)), serializedOrigin: http };
    const got = [
      header({ ...post, url: app }),
      header({ ...post, url: api }),
      header({ ...post, url: "http://localhost" }),
      header({ ...post, ...fromHttp, url: "http://api.example" }),
    ];
    expect(got).toEqual(want);
  });

  test("an opaque origin stays null", () => {
    const post = { title: "", want: null, mode: "no-cors", method: "POST", responseTainting: "opaque" } as const;
    expect(header({ ...post, origin: opaque, serializedOrigin: "null", referrerPolicy: "unsafe-url" })).toBe("null");
  });

  test("the policy does not count in no-cors mode where a profile says so", () => {
    const post = { title: "", want: null, mode: "no-cors", method: "POST", referrerPolicy: "no-referrer" } as const;
    expect(header(post)).toBe("null");
    expect(header({ ...post, rules: rules({ noCorsIgnoresReferrerPolicy: true }) })).toBe(app);
    expect(header({ ...post, mode: "navigate", rules: rules({ noCorsIgnoresReferrerPolicy: true }) })).toBe("null");
  });
});

describe("profiles", () => {
  const rewritten = { method: "GET", originalMethod: "POST" } as const;
  const elements = rules({ corsElementsSendOrigin: true });
  const keeps = rules({ rewrittenGetKeepsOrigin: true });
  const embedded = pageClient(app, { origin: opaque, embedderOrigin: page });
  const beacon = { initiatorType: "beacon", mode: "no-cors", method: "POST", serializedOrigin: "null" } as const;
  const rows: Row[] = [
    { title: "cors elements send none to their own origin", url: app, destination: "script", want: null },
    { title: "cors elements send it where they do", url: app, destination: "script", rules: elements, want: app },
    { title: "but not fetch()", url: app, rules: elements, want: null },
    { title: "nor no-cors elements", mode: "no-cors", destination: "image", rules: elements, want: null },
    { title: "a POST that became GET sends none", ...rewritten, url: app, want: null },
    { title: "a POST that became GET keeps it where it does", ...rewritten, url: app, rules: keeps, want: app },
    { title: "unless it navigates", ...rewritten, url: app, mode: "navigate", rules: keeps, want: null },
    { title: "a GET that was redirected keeps none", url: app, rules: keeps, want: null },
    { title: "a beacon of a sandboxed document", ...beacon, client: embedded, want: "null" },
    {
      title: "a beacon of a sandboxed document tells the embedder where it does",
      ...{ ...beacon, client: embedded, rules: rules({ beaconTellsEmbedder: true }) },
      want: app,
    },
    { title: "who may ask for its cookies tells who it is", mode: "no-cors", storageAccess: "inactive", want: app },
    { title: "who reaches them already does not", mode: "no-cors", storageAccess: "active", want: null },
  ];
  test.each(rows)("$title: $want", (row) => expect(header(row)).toBe(row.want));
});
