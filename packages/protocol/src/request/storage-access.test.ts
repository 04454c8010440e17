import { describe, expect, test } from "vitest";
import { pageClient, registrableDomain } from "../../test/page.ts";
import { createOpaqueOrigin, originOf } from "../origin/origin.ts";
import type { FetchMetadataRules, Profile } from "../profile/profile.ts";
import { standard } from "../profile/standard.ts";
import type { FetchMetadataRequest } from "./fetch-metadata.ts";
import { type StorageAccess, storageAccess } from "./storage-access.ts";

const app = "https://app.example";
const api = "https://api.example";
const opaque = createOpaqueOrigin();
const sandboxed = {
  origin: opaque,
  client: pageClient(app, { origin: opaque, topLevelOrigin: originOf(new URL(app)) }),
};

/** A document of the API's site in a frame of the app. */
const framed = (() => {
  const origin = originOf(new URL(api));
  return { origin, client: pageClient(api, { origin, topLevelOrigin: originOf(new URL(app)) }) };
})();

type Setting = FetchMetadataRules["storageAccess"];

function told(
  setting: Setting,
  thirdParty: Profile["cookies"]["thirdParty"],
  url: string,
  init: Partial<FetchMetadataRequest> = {},
): StorageAccess | null {
  const client = pageClient(app);
  const request: FetchMetadataRequest = {
    ...{ kind: "actual", client, origin: client.origin, isTainted: false, mode: "cors", credentialsMode: "include" },
    ...{ destination: "", initiatorType: "fetch", keepalive: false, urlList: [new URL(url)], userActivation: false },
    ...init,
  };
  return storageAccess(request, registrableDomain, {
    cookies: { ...standard.cookies, thirdParty },
    fetchMetadata: { ...standard.fetchMetadata, storageAccess: setting },
  });
}

const settings: Setting[] = ["told-by-actual-requests", "told-when-restricted"];

test("nobody is told anything by the standard profile", () => {
  expect(told("untold", "block", api)).toBeNull();
  expect(standard.fetchMetadata.storageAccess).toBe("untold");
});

describe.each(settings)("%s", (setting) => {
  const isByActual = setting === "told-by-actual-requests";
  const restricted = isByActual ? "block" : "partition";

  test.each<[title: string, url: string, init: Partial<FetchMetadataRequest> | undefined, want: StorageAccess | null]>([
    ["a third party does not reach its cookies", api, undefined, "none"],
    ["the page's own site is told nothing", "https://www.app.example", undefined, null],
    ["a request without credentials tells nothing", api, { credentialsMode: "same-origin" }, null],
    ["nor one without a page", api, { client: null }, null],
    ["nor a navigation of the address bar", api, { mode: "navigate", destination: "document" }, null],
    ["a navigation of a frame does", api, { mode: "navigate", destination: "iframe" }, "none"],
    ["nor one to a URL that is not trustworthy", "http://api.example", undefined, null],
    ["a sandboxed document could ask the site that it came from", app, sandboxed, "inactive"],
    ["a sandboxed document could not ask another", api, sandboxed, "none"],
    ["a frame of another site could ask the site around it", app, framed, "inactive"],
    ["a frame of another site does not reach its own cookies", api, framed, "none"],
    ["a frame of another site could not ask a third one", "https://other.example", framed, "none"],
    ["a preflight", api, { kind: "preflight" }, isByActual ? null : "none"],
    ["a WebSocket handshake", api, { mode: "websocket" }, isByActual ? null : "none"],
    ["a keepalive fetch", api, { keepalive: true }, isByActual ? "none" : null],
    ["a beacon", api, { keepalive: true, initiatorType: "beacon" }, "none"],
    ["a tainted request", api, { isTainted: true }, isByActual ? "none" : null],
  ])("%s", (_, url, init, want) => expect(told(setting, restricted, url, init)).toBe(want));

  test("where third-party cookies are allowed", () => {
    expect(told(setting, "allow", api)).toBe(isByActual ? "active" : null);
  });
});

test("a frame of another site that is let at its own cookies says so", () => {
  expect(told("told-by-actual-requests", "allow", api, framed)).toBe("active");
});

test("a sandboxed document that was redirected to another origin tells nothing when restricted", () => {
  const urlList = [new URL(app), new URL(api)];
  expect(told("told-when-restricted", "partition", api, { ...sandboxed, urlList })).toBeNull();
  expect(told("told-by-actual-requests", "block", api, { ...sandboxed, urlList })).toBe("none");
});
