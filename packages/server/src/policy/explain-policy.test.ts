import { expect, test } from "vitest";
import { definePolicy, explainPolicy } from "../index.ts";

test("a policy of which everything is said", () => {
  const policy = definePolicy({
    origins: ["https://app.example", "https://*.example.com", "http://localhost:*", "http://app.test"],
    credentials: true,
    methods: ["PUT", "DELETE"],
    requestHeaders: ["Content-Type", "X-Request-Id"],
    exposedHeaders: ["ETag"],
    maxAge: 7200,
    timing: true,
    resourcePolicy: "same-site",
    dangerously: { insecureOriginsWithCredentials: true },
  });
  expect(explainPolicy(policy)).toBe(
    [
      "Pages of these origins may read responses:",
      "  https://app.example",
      "  https://*.example.com (all subdomains of example.com, not example.com itself)",
      "  http://localhost:* (this host, on every port)",
      "  http://app.test",
      "They may send cookies and other credentials.",
      "Methods: GET, HEAD and POST, which need no permission, and PUT, DELETE.",
      "Request headers: the CORS-safelisted ones and Content-Type, X-Request-Id.",
      "Response headers that scripts see: the CORS-safelisted ones and ETag.",
      "Browsers keep the answer to a preflight for 7200 seconds (webkit for 600).",
      "They may read timing details.",
      "Pages of this site may load responses without CORS, such as in an img.",
      "Danger: origins without transport security may send credentials; anybody on their network is them.",
    ].join("\n"),
  );
});

test("a policy of which nothing is said but the origins", () => {
  expect(explainPolicy(definePolicy({ origins: "*" }))).toBe(
    [
      "Pages of every origin may read responses.",
      "They may not use credentials: a request that includes them is sent, but its response is not readable.",
      "Methods: GET, HEAD and POST, which need no permission.",
      "Request headers: the CORS-safelisted ones. Content-Type: application/json is not among them.",
      "Response headers that scripts see: the CORS-safelisted ones.",
      "Browsers keep the answer to a preflight for 5 seconds.",
      "They may not read timing details.",
      "Who may load responses without CORS, such as in an img, is not said.",
    ].join("\n"),
  );
});

const lines = (policy: Parameters<typeof explainPolicy>[0]) => explainPolicy(policy).split("\n");

test.each([
  {
    title: "a resolver",
    policy: definePolicy({ origins: () => true }),
    line: "Pages of the origins that the resolver allows may read responses.",
  },
  {
    title: "many origins",
    policy: definePolicy({ origins: Array.from({ length: 25 }, (_, i) => `https://${i}.example`) }),
    line: "  and 5 more",
  },
  {
    title: "* for methods",
    policy: definePolicy({ origins: "*", methods: "*" }),
    line: "Methods: GET, HEAD and POST, which need no permission, and all others.",
  },
  {
    title: "* for request headers",
    policy: definePolicy({ origins: "*", requestHeaders: "*" }),
    line: "Request headers: the CORS-safelisted ones and all others but Authorization.",
  },
  {
    title: "* and Authorization",
    policy: definePolicy({ origins: "*", requestHeaders: ["*", "Authorization"] }),
    line: "Request headers: the CORS-safelisted ones and all others, Authorization too.",
  },
  {
    title: "* for request headers with credentials",
    policy: definePolicy({ origins: ["https://a.example"], credentials: true, requestHeaders: "*" }),
    line: "Request headers: the CORS-safelisted ones and all others, Authorization too.",
  },
  {
    title: "* for exposed headers",
    policy: definePolicy({ origins: "*", exposedHeaders: "*" }),
    line: "Response headers that scripts see: the CORS-safelisted ones and all others.",
  },
  {
    title: "no preflight cache",
    policy: definePolicy({ origins: "*", maxAge: 0 }),
    line: "Browsers ask again by a preflight every time.",
  },
  {
    title: "a day",
    policy: definePolicy({ origins: "*", maxAge: 86400 }),
    line: "Browsers keep the answer to a preflight for 86400 seconds (chromium for 7200, webkit for 600).",
  },
  {
    title: "any origin with credentials",
    policy: definePolicy({ origins: "*", credentials: true, dangerously: { anyOriginWithCredentials: true } }),
    line: "Danger: every site can act in the name of a visitor and read the answers.",
  },
  {
    title: "public suffixes",
    policy: definePolicy({
      origins: ["https://*.github.io"],
      credentials: true,
      dangerously: { publicSuffixWithCredentials: true },
    }),
    line: "Danger: a wildcard may cover names that anybody can register.",
  },
  {
    title: "null",
    policy: definePolicy({ origins: ["null"], dangerously: { nullOrigin: true } }),
    line: "Danger: null is allowed, which every site can make itself.",
  },
])("$title", ({ policy, line }) => expect(lines(policy)).toContain(line));
