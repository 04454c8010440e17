import { expect, test } from "vitest";
import { rewriteLocation, rewriteRefresh } from "./rewrite-location.ts";

const root = { upstream: new URL("https://api.example"), prefix: "" };
const routed = { upstream: new URL("https://api.example/v2"), prefix: "/api" };
const slashed = { upstream: new URL("https://api.example/v2/"), prefix: "/api" };
const open = { upstream: new URL("https://api.example/"), prefix: "/https://api.example" };

const rows: [title: string, mapping: typeof root, target: string, value: string, want: string][] = [
  ["absolute into the upstream", root, "/", "https://api.example/a?b#c", "/a?b#c"],
  ["the default port is the same origin", root, "/", "https://API.example:443/a", "/a"],
  ["another port is another origin", root, "/", "https://api.example:8443/a", "https://api.example:8443/a"],
  ["another scheme is another origin", root, "/", "http://api.example/a", "http://api.example/a"],
  ["another host", root, "/", "https://api.example.evil/a", "https://api.example.evil/a"],
  ["user information is not dropped silently", root, "/", "https://u:p@api.example/a", "https://u:p@api.example/a"],
  ["scheme-relative into the upstream", root, "/", "//api.example/a", "/a"],
  ["scheme-relative elsewhere", root, "/", "//other.example/a", "//other.example/a"],
  ["no path", root, "/", "https://api.example", "/"],
  ["path-absolute", root, "/", "/a", "/a"],
  ["prefix replaced", routed, "/api/x", "https://api.example/v2/a", "/api/a"],
  ["prefix, exactly the upstream's path", routed, "/api/x", "https://api.example/v2", "/api"],
  ["prefix, path-absolute", routed, "/api/x", "/v2/a?b", "/api/a?b"],
  ["a longer segment is not below the upstream's path", routed, "/api/x", "/v20/a", "https://api.example/v20/a"],
  ["path-absolute beside the upstream's path", routed, "/api/x", "/login", "https://api.example/login"],
  ["open mode", open, "/https://api.example/a", "/b", "/https://api.example/b"],
  ["relative stays", routed, "/api/a/b", "c?d", "c?d"],
  ["query alone stays", routed, "/api/a/b", "?d", "?d"],
  ["fragment alone stays", routed, "/api/a/b", "#d", "#d"],
  ["relative with dots inside", routed, "/api/a/b", "../c", "/api/c"],
  ["relative with dots that leave the upstream's path", routed, "/api/a", "../../c", "https://api.example/c"],
  ["relative from the upstream's path with a slash, which the gateway's lacks", slashed, "/api", "c?d", "/api/c?d"],
  ["relative with dots from there", slashed, "/api?x", "c/../d", "/api/d"],
  ["query alone from there stays", slashed, "/api", "?d", "?d"],
  ["encoded dots are dots", routed, "/api/a", "%2e%2E/%2e%2e/c", "https://api.example/c"],
  ["two slashes never become a host", root, "/", "https://api.example//evil.example/x", "/.//evil.example/x"],
  ["backslashes are a host to browsers", root, "/", "/\\evil.example", "/\\evil.example"],
  ["other schemes", root, "/", "app:open", "app:open"],
  ["no URL", root, "/", "https://[", "https://["],
];

test.each(rows)("Location: %s", (_title, mapping, target, value, want) => {
  expect(rewriteLocation(value, target, mapping)).toBe(want);
});

const refreshes: [title: string, value: string, want: string][] = [
  ["absolute", "5; url=https://api.example/v2/a", "5; url=/api/a"],
  ["quoted, other case", "0;URL='/v2/a'", "0;URL='/api/a'"],
  ["no URL", "5", "5"],
  ["elsewhere", "5;url=https://other.example/", "5;url=https://other.example/"],
];

test.each(refreshes)("Refresh: %s", (_title, value, want) => {
  expect(rewriteRefresh(value, "/api/x", routed)).toBe(want);
});
