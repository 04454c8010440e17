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

type ScriptServer = Exclude<ServerCode["server"], "gateway" | "nginx">;

const scriptTitles: Readonly<Record<ScriptServer, string>> = {
  express: "Express",
  fastify: "Fastify",
  koa: "Koa",
  hono: "Hono",
  node: "node:http",
  next: "Next.js",
};

const scriptServers = Object.keys(scriptTitles) as ScriptServer[];

/** How each server is told to use some of `cors(policy)` and `crossOriginProtection(policy)`, the first outermost. */
const usages: Readonly<Record<ScriptServer, (calls: readonly string[]) => readonly string[]>> = {
  express: (calls) => ["// Before every route, and before authentication.", `app.use(${calls.join(", ")});`],
  fastify: (calls) => ["// Before the routes.", ...calls.map((call) => `await app.register(${call});`)],
  koa: (calls) => ["// Before everything else.", ...calls.map((call) => `app.use(${call});`)],
  hono: (calls) => ["// Before every route.", `app.use(${calls.join(", ")});`],
  node: (calls) => [`createServer(${wrapped(calls, "listener")}).listen(4000);`],
  next: ([outer = "", ...inner]) =>
    outer.startsWith("cors")
      ? [
          "// app/books/[title]/route.js",
          `export const { GET, POST, OPTIONS } = ${outer}.routes({`,
          `  GET: ${wrapped(inner, "readBook")},`,
          `  POST: ${wrapped(inner, "addBook")},`,
          "});",
        ]
      : ["// app/books/[title]/route.js", `export const POST = ${wrapped([outer], "addBook")};`],
};

function wrapped(calls: readonly string[], handler: string): string {
  return calls.reduceRight((inside, call) => `${call}(${inside})`, handler);
}

/**
 * Writes a policy as code for every server.
 *
 * @param protects whether unsafe requests of other origins are refused as well
 */
export function serverCode(policy: PolicyJson, protects: boolean): ServerCode[] {
  const nginx = nginxCode(policy);
  const names = protects ? "cors, crossOriginProtection" : "cors";
  const calls = protects ? ["cors(policy)", "crossOriginProtection(policy)"] : ["cors(policy)"];
  const scripts = scriptServers.map((server) =>
    script(server, [
      'import { definePolicy } from "@corsac/server";',
      `import { ${names} } from "@corsac/server/${server}";`,
      "",
      `const policy = definePolicy(${literal(policy)});`,
      "",
      ...usages[server](calls),
    ]),
  );
  return nginx === null ? scripts : [...scripts, nginx];
}

/** Writes for every server how to refuse unsafe requests that pages of other origins make browsers send. */
export function protectionCode(): ServerCode[] {
  return scriptServers.map((server) =>
    script(server, [
      `import { crossOriginProtection } from "@corsac/server/${server}";`,
      "",
      ...usages[server](["crossOriginProtection()"]),
    ]),
  );
}

function script(server: ScriptServer, lines: readonly string[]): ServerCode {
  const own = server === "node" ? ['import { createServer } from "node:http";'] : [];
  return { server, title: scriptTitles[server], language: "js", code: [...own, ...lines].join("\n") };
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
