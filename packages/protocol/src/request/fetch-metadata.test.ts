import { describe, expect, test } from "vitest";
import { pageClient, registrableDomain } from "../../test/page.ts";
import { createOpaqueOrigin, originOf } from "../origin/origin.ts";
import type { FetchMetadataRules } from "../profile/profile.ts";
import { standard } from "../profile/standard.ts";
import { type FetchMetadataRequest, fetchMetadataHeaders, fetchSite } from "./fetch-metadata.ts";

const app = "https://www.app.example";

function rules(changes: Partial<FetchMetadataRules>): FetchMetadataRules {
  return { ...standard.fetchMetadata, ...changes };
}

function request(urls: readonly string[], init: Partial<FetchMetadataRequest> = {}): FetchMetadataRequest {
  const client = pageClient(app);
  return {
    ...{ kind: "actual", client, origin: client.origin, isTainted: false, mode: "cors" },
    ...{
      credentialsMode: "same-origin",
      destination: "",
      initiatorType: "fetch",
      keepalive: false,
      userActivation: false,
    },
    ...{ urlList: urls.map((url) => new URL(url)) },
    ...init,
  };
}

describe("Sec-Fetch-Site", () => {
  interface Row {
    readonly title: string;
    readonly urls: readonly string[];
    readonly from?: string;
    readonly init?: Partial<FetchMetadataRequest>;
    readonly rules?: FetchMetadataRules;
    readonly want: "cross-site" | "none" | "same-origin" | "same-site";
  }

  const preflight = { kind: "preflight" } as const;
  const rows: Row[] = [
    { title: "the page's origin", urls: [`${app}/x`], want: "same-origin" },
    { title: "another host of the site", urls: ["https://api.app.example"], want: "same-site" },
    { title: "another port", urls: [`${app}:8443`], want: "same-site" },
    { title: "another site", urls: ["https://api.example"], want: "cross-site" },
    {
      title: "a domain under one public suffix",
      urls: ["https://b.co.example"],
      from: "https://a.co.example",
      want: "cross-site",
    },
    { title: "another scheme", urls: ["http://www.app.example"], want: "cross-site" },
    {
      title: "another scheme where sites have none",
      urls: ["http://www.app.example"],
      rules: rules({ schemeless: true }),
      want: "same-site",
    },
    { title: "an IPv6 address and another port", from: "http://[::1]:1", urls: ["http://[::1]:2"], want: "same-site" },
    {
      title: "an IPv6 address and another port, where those are no sites",
      ...{ from: "http://[::1]:1", urls: ["http://[::1]:2"], rules: rules({ ipv6AddressesAreNoSites: true }) },
      want: "cross-site",
    },
    { title: "no page", urls: [app], init: { client: null }, want: "none" },
    { title: "an opaque page", urls: [app], init: { origin: createOpaqueOrigin() }, want: "cross-site" },
    { title: "by way of the same site", urls: [app, "https://api.app.example", app], want: "same-site" },
    { title: "by way of another site", urls: [app, "https://api.example", app], want: "cross-site" },
    { title: "a preflight looks at all URLs", urls: ["https://api.example", app], init: preflight, want: "cross-site" },
    {
      title: "a preflight that forgets redirects",
      ...{
        urls: ["https://api.example", "https://api.app.example"],
        init: preflight,
        rules: rules({ preflightForgetsRedirects: true }),
      },
      want: "same-site",
    },
    {
      title: "an actual request does not forget them",
      ...{
        urls: ["https://api.example", "https://api.app.example"],
        rules: rules({ preflightForgetsRedirects: true }),
      },
      want: "cross-site",
    },
    {
      title: "by way of http, within the origin",
      ...{
        from: "http://localhost:1",
        urls: ["http://localhost:1", "http://localhost:1"],
        rules: rules({ httpRedirectIsCrossSite: true }),
      },
      want: "same-origin",
    },
    {
      title: "by way of http, within the site",
      ...{
        from: "http://localhost:1",
        urls: ["http://localhost:2", "http://localhost:2"],
        rules: rules({ httpRedirectIsCrossSite: true }),
      },
      want: "cross-site",
    },
  ];

  test.each(rows)("$title: $want", ({ urls, from = app, init, rules: used, want }) => {
    const asked = request(urls, { origin: originOf(new URL(from)), ...init });
    expect(fetchSite(asked, registrableDomain, used)).toBe(want);
  });
});

describe("the headers", () => {
  interface Row {
    readonly title: string;
    readonly urls?: readonly string[];
    readonly init?: Partial<FetchMetadataRequest>;
    readonly rules?: FetchMetadataRules;
    /** Dest, Mode, Site and User, as far as they are there; `null` for no headers. */
    readonly want: string | null;
  }

  const api = "https://api.example/";
  const navigation = { mode: "navigate", destination: "document" } as const;
  const rows: Row[] = [
    { title: "fetch()", want: "empty cors cross-site" },
    { title: "an image", init: { mode: "no-cors", destination: "image" }, want: "image no-cors cross-site" },
    { title: "a preflight of fetch()", init: { kind: "preflight" }, want: "empty cors cross-site" },
    { title: "a navigation", init: navigation, want: "document navigate cross-site" },
    {
      title: "a navigation that the user started",
      init: { ...navigation, userActivation: true },
      want: "document navigate cross-site ?1",
    },
    { title: "user activation without navigation", init: { userActivation: true }, want: "empty cors cross-site" },
    {
      title: "a visit typed in",
      init: { ...navigation, client: null, userActivation: true },
      want: "document navigate none ?1",
    },
    { title: "a URL that is not trustworthy", urls: ["http://api.example/"], want: null },
    { title: "a redirect to a URL that is not trustworthy", urls: [api, "http://api.example/"], want: null },
    { title: "a redirect to a trustworthy URL", urls: ["http://api.example/", api], want: "empty cors cross-site" },
    { title: "loopback", urls: ["http://localhost:3000/"], want: "empty cors cross-site" },
    { title: "loopback with a dot", urls: ["http://localhost.:3000/"], want: "empty cors cross-site" },
    {
      title: "loopback with a dot, not trusted",
      ...{ urls: ["http://localhost.:3000/"], rules: rules({ trailingDotIsUntrustworthy: true }) },
      want: null,
    },
    {
      title: "https with a dot",
      ...{ urls: ["https://api.example./"], rules: rules({ trailingDotIsUntrustworthy: true }) },
      want: "empty cors cross-site",
    },
    { title: "a WebSocket handshake", init: { mode: "websocket" }, want: "websocket websocket cross-site" },
    {
      title: "a WebSocket handshake with an empty destination",
      ...{ init: { mode: "websocket" }, rules: rules({ webSocketDestination: "empty" }) },
      want: "empty websocket cross-site",
    },
    {
      title: "a WebSocket handshake without headers",
      ...{ init: { mode: "websocket" }, rules: rules({ webSocketDestination: null }) },
      want: null,
    },
    {
      title: "left out after a cross-origin redirect",
      ...{ urls: [app, api], rules: rules({ omittedAfterCrossOriginRedirect: true }) },
      want: null,
    },
    {
      title: "not left out after a same-origin redirect",
      ...{ urls: [app, api, api], rules: rules({ omittedAfterCrossOriginRedirect: true }) },
      want: "empty cors cross-site",
    },
    {
      title: "not left out of preflights",
      ...{ urls: [app, api], init: { kind: "preflight" }, rules: rules({ omittedAfterCrossOriginRedirect: true }) },
      want: "empty cors cross-site",
    },
  ];

  test.each(rows)("$title: $want", ({ urls = [api], init, rules: used, want }) => {
    const headers = fetchMetadataHeaders(request(urls, init), registrableDomain, used);
    const names = ["Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User"];
    const values = want === null ? [] : want.split(" ");
    expect(headers).toEqual(values.map((value, index) => [names[index], value]));
  });
});
