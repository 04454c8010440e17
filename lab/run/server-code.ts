import type { PolicyJson } from "@corsac/server";
import { type Grant, recipeFor } from "corsac";
import type { ServerCode } from "../situation/run-report.ts";

/** What a policy has to allow for a grant, besides what it allows already. */
export function policyWith(policy: PolicyJson | null, grant: Grant): PolicyJson {
  const { $schema: _, ...options } = policy ?? { origins: [] };
  const origins = options.origins === "*" && !grant.credentials ? "*" : union(listOf(options.origins), [grant.origin]);
  const safelisted = new Set(["GET", "HEAD", "POST"]);
  const methods = merged(
    options.methods,
    grant.methods.filter((method) => !safelisted.has(method)),
  );
  const requestHeaders = merged(options.requestHeaders, grant.headerNames);
  const exposedHeaders = merged(options.exposedHeaders, grant.exposed);
  return {
    ...options,
    origins,
    ...(grant.credentials ? { credentials: true } : {}),
    ...(methods.length === 0 ? {} : { methods }),
    ...(requestHeaders.length === 0 ? {} : { requestHeaders }),
    ...(exposedHeaders.length === 0 ? {} : { exposedHeaders }),
  };
}

function listOf(value: "*" | readonly string[] | undefined): readonly string[] {
  return value === "*" || value === undefined ? [] : value;
}

function merged(value: "*" | readonly string[] | undefined, added: readonly string[]): "*" | readonly string[] {
  return value === "*" ? "*" : union(value ?? [], added);
}

function union(values: readonly string[], added: readonly string[]): string[] {
  const known = new Set(values.map((value) => value.toLowerCase()));
  return [...values, ...added.filter((value) => !known.has(value.toLowerCase()))];
}

/** Writes a policy as code for every server. */
export function serverCode(policy: PolicyJson): ServerCode[] {
  const options = literal(policy);
  const nginx = nginxCode(policy);
  const js = (server: ServerCode["server"], title: string, lines: readonly string[]): ServerCode => ({
    ...{ server, title, language: "js", code: lines.join("\n") },
  });
  return [
    js("express", "Express", [
      'import { cors } from "@corsac/server/express";',
      "",
      "// Before every route, and before authentication.",
      `app.use(cors(${options}));`,
    ]),
    js("fastify", "Fastify", [
      'import { cors } from "@corsac/server/fastify";',
      "",
      "// Before the routes.",
      `await app.register(cors(${options}));`,
    ]),
    js("koa", "Koa", [
      'import { cors } from "@corsac/server/koa";',
      "",
      "// Before everything else.",
      `app.use(cors(${options}));`,
    ]),
    js("hono", "Hono", [
      'import { cors } from "@corsac/server/hono";',
      "",
      "// Before every route.",
      `app.use(cors(${options}));`,
    ]),
    js("node", "node:http", [
      'import { createServer } from "node:http";',
      'import { cors } from "@corsac/server/node";',
      "",
      `const policy = cors(${options});`,
      "createServer(policy(listener)).listen(4000);",
    ]),
    js("next", "Next.js", [
      "// proxy.js (middleware.js before Next 16)",
      'import { cors } from "@corsac/server/next";',
      "",
      `export const proxy = cors(${options});`,
    ]),
    ...(nginx === null ? [] : [nginx]),
  ];
}

/** The same through an intermediary, for an API that is somebody else's. */
export function gatewayCode(upstream: string, policy: PolicyJson): ServerCode {
  const code = [
    'import { createGateway } from "@corsac/gateway";',
    "",
    "const gateway = createGateway({",
    `  upstream: ${JSON.stringify(upstream)},`,
    `  policy: ${literal(policy).replaceAll("\n", "\n  ")},`,
    "});",
    "console.log(String(await gateway.listen()));",
  ];
  return { server: "gateway", title: "The gateway", language: "js", code: code.join("\n") };
}

// A recipe of nginx is for one origin; a list needs a map, which only `corsac export` writes.
function nginxCode(policy: PolicyJson): ServerCode | null {
  const [origin, ...others] = policy.origins === "*" ? ["*"] : policy.origins;
  if (origin === undefined || others.length > 0 || (origin.includes("*") && origin !== "*")) return null;
  const { methods = [], requestHeaders = [], exposedHeaders = [] } = policy;
  const grant: Grant = {
    ...{ origin, credentials: policy.credentials ?? false, path: "/" },
    methods: methods === "*" ? ["*"] : ["GET", "HEAD", "POST", ...methods],
    headerNames: requestHeaders === "*" ? ["*"] : requestHeaders,
    exposed: exposedHeaders === "*" ? ["*"] : exposedHeaders,
  };
  return { server: "nginx", title: "nginx", language: "nginx", code: recipeFor("nginx", grant).lines.join("\n") };
}

// As people write it: no quotes around names that need none.
function literal(value: unknown): string {
  return JSON.stringify(value, null, 2)
    .replaceAll(/^(\s*)"([A-Za-z]\w*)":/gm, "$1$2:")
    .replaceAll(/\[\n\s+([^[\]{}]*?)\n\s+\]/g, (_, items: string) => `[${items.replaceAll(/\n\s+/g, " ")}]`)
    .replaceAll(/([^{[,\s])\n/g, "$1,\n");
}
