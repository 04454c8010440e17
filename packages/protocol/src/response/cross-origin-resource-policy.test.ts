import { describe, expect, test } from "vitest";
import type { Header } from "../header/header-list.ts";
import { createOpaqueOrigin, type Origin, originOf } from "../origin/origin.ts";
import type { EmbedderPolicy } from "../request/request.ts";
import { crossOriginResourcePolicyCheck } from "./cross-origin-resource-policy.ts";

/** Every domain of three labels is `<sub>.<site>.example`. */
function registrableDomain(host: string): string | null {
  const labels = host.split(".");
  return labels.length < 2 ? null : labels.slice(-2).join(".");
}

const app = originOf(new URL("https://app.site.example"));
const insecure = originOf(new URL("http://app.site.example"));
const address = originOf(new URL("http://127.0.0.1"));
const opaque = createOpaqueOrigin();

interface Row {
  readonly title: string;
  readonly origin?: Origin;
  readonly url?: string;
  /** One entry per line. */
  readonly policy?: readonly string[];
  readonly embedderPolicy?: EmbedderPolicy;
  readonly includesCredentials?: boolean;
  readonly forNavigation?: boolean;
  readonly addressIsNoSite?: boolean;
  /** The policy that blocks, with `by embedder` when only the embedder's policy does. */
  readonly want: "allowed" | "same-origin" | "same-origin by embedder" | "same-site" | "same-site by embedder";
}

const sameSite = "https://api.site.example/";
const rows: Row[] = [
  { title: "no policy", want: "allowed" },
  { title: "cross-origin", policy: ["cross-origin"], want: "allowed" },
  { title: "same-origin, another origin", policy: ["same-origin"], want: "same-origin" },
  { title: "same-origin, same site", policy: ["same-origin"], url: sameSite, want: "same-origin" },
  {
    title: "same-origin, another scheme",
    policy: ["same-origin"],
    origin: insecure,
    url: "https://app.site.example/",
    want: "same-origin",
  },
  { title: "same-origin, same origin", policy: ["same-origin"], url: "https://app.site.example/x", want: "allowed" },
  { title: "same-origin, opaque origin", policy: ["same-origin"], origin: opaque, want: "same-origin" },
  { title: "same-site, another site", policy: ["same-site"], want: "same-site" },
  { title: "same-site, same site", policy: ["same-site"], url: sameSite, want: "allowed" },
  {
    title: "same-site, same site, other port",
    policy: ["same-site"],
    url: "https://api.site.example:8443/",
    want: "allowed",
  },
  {
    title: "same-site, secure page and insecure response",
    policy: ["same-site"],
    url: "http://api.site.example/",
    want: "allowed",
  },
  {
    title: "same-site, insecure page and secure response",
    policy: ["same-site"],
    origin: insecure,
    url: sameSite,
    want: "same-site",
  },
  {
    title: "same-site, both insecure",
    policy: ["same-site"],
    origin: insecure,
    url: "http://api.site.example/",
    want: "allowed",
  },
  {
    title: "same-site, another port of an address",
    policy: ["same-site"],
    origin: address,
    url: "http://127.0.0.1:81/",
    want: "allowed",
  },
  {
    title: "same-site, another port of an address, where that is no site",
    policy: ["same-site"],
    origin: address,
    url: "http://127.0.0.1:81/",
    addressIsNoSite: true,
    want: "same-site",
  },
  {
    title: "same-site, another port of an IPv6 address, where that is no site",
    policy: ["same-site"],
    origin: originOf(new URL("http://[::1]")),
    url: "http://[::1]:81/",
    addressIsNoSite: true,
    want: "same-site",
  },
  {
    title: "same-site, the same port of an address, where that is no site",
    policy: ["same-site"],
    origin: address,
    url: "http://127.0.0.1/x",
    addressIsNoSite: true,
    want: "allowed",
  },
  {
    title: "same-site, names, where addresses are no site",
    policy: ["same-site"],
    url: sameSite,
    addressIsNoSite: true,
    want: "allowed",
  },
  { title: "same-site, opaque origin", policy: ["same-site"], origin: opaque, url: sameSite, want: "same-site" },
  {
    title: "same-site, opaque origin, insecure response",
    policy: ["same-site"],
    origin: opaque,
    url: "http://api.site.example/",
    want: "same-site",
  },
  { title: "an unknown policy is none", policy: ["none"], want: "allowed" },
  { title: "policies are case-sensitive", policy: ["Same-Origin"], want: "allowed" },
  { title: "an empty policy is none", policy: [""], want: "allowed" },
  { title: "a list is none", policy: ["same-site, same-origin"], want: "allowed" },
  { title: "two lines are none", policy: ["same-origin", "same-origin"], want: "allowed" },

  { title: "require-corp needs a policy", embedderPolicy: "require-corp", want: "same-origin by embedder" },
  {
    title: "require-corp needs one that is understood",
    embedderPolicy: "require-corp",
    policy: ["none"],
    want: "same-origin by embedder",
  },
  { title: "require-corp, cross-origin", embedderPolicy: "require-corp", policy: ["cross-origin"], want: "allowed" },
  {
    title: "require-corp, same-site",
    embedderPolicy: "require-corp",
    policy: ["same-site"],
    url: sameSite,
    want: "allowed",
  },
  {
    title: "require-corp, no policy, same origin",
    embedderPolicy: "require-corp",
    url: "https://app.site.example/",
    want: "allowed",
  },
  {
    title: "require-corp, same-site blocks by itself",
    embedderPolicy: "require-corp",
    policy: ["same-site"],
    want: "same-site",
  },
  { title: "credentialless without credentials", embedderPolicy: "credentialless", want: "allowed" },
  {
    title: "credentialless with credentials",
    embedderPolicy: "credentialless",
    includesCredentials: true,
    want: "same-origin by embedder",
  },
  {
    title: "credentialless with credentials, cross-origin",
    embedderPolicy: "credentialless",
    includesCredentials: true,
    policy: ["cross-origin"],
    want: "allowed",
  },
  { title: "unsafe-none with credentials", includesCredentials: true, want: "allowed" },

  {
    title: "a navigation under unsafe-none is never blocked",
    forNavigation: true,
    policy: ["same-origin"],
    want: "allowed",
  },
  {
    title: "a navigation under require-corp",
    forNavigation: true,
    embedderPolicy: "require-corp",
    want: "same-origin by embedder",
  },
  {
    title: "a navigation under require-corp, same-site",
    forNavigation: true,
    embedderPolicy: "require-corp",
    policy: ["same-site"],
    want: "same-site by embedder",
  },
  {
    title: "a navigation under credentialless",
    forNavigation: true,
    embedderPolicy: "credentialless",
    want: "same-origin by embedder",
  },
];

describe("crossOriginResourcePolicyCheck", () => {
  test.each(rows)("$title", (row) => {
    const { origin = app, url = "https://cdn.other.example/", policy = [], embedderPolicy = "unsafe-none" } = row;
    const headers = policy.map((value): Header => ["cross-Origin-Resource-Policy", value]);
    const { includesCredentials = false, addressIsNoSite = false, forNavigation } = row;
    const check = { origin, url: new URL(url), headers, embedderPolicy, includesCredentials, addressIsNoSite };
    const result = crossOriginResourcePolicyCheck(
      forNavigation === undefined ? check : { ...check, forNavigation },
      registrableDomain,
    );
    const [blockedBy, byEmbedder] = row.want.split(" by ");
    const blocked = { ok: false, policy: blockedBy, byEmbedderPolicy: byEmbedder !== undefined };
    expect(result).toEqual(row.want === "allowed" ? { ok: true } : blocked);
  });
});
