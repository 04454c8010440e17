import { Browser } from "@corsac/browser";
import { createGateway, type Gateway, type GatewayOptions } from "@corsac/gateway";
import { type CorsCheckResult, corsCheck, isSafeMethod } from "@corsac/protocol";
import { type AsyncPolicy, type Decision, definePolicy, type Policy } from "@corsac/server";
import type { IdempotencyStore } from "@corsac/server/idempotency";
import { fromKoaCors, type Migration } from "@corsac/server/migrate";
import { cors, crossOriginProtection, idempotencyKey, resource } from "@corsac/server/web";
import { check } from "corsac";

export const result: CorsCheckResult = corsCheck(
  { serializedOrigin: "https://app.example", credentialsMode: "omit" },
  { status: 200, headers: [["Access-Control-Allow-Origin", "*"]] },
);
export const code: string = result.ok ? "ok" : result.problem.code;
export const safe: boolean = isSafeMethod("GET");
export const response: Promise<Response> = new Browser().open("https://app.example/").fetch("https://api.example/");
export const report: ReturnType<typeof check> = check({ url: "https://api.example/", origin: "https://app.example" });

// @ts-expect-error a credentials mode is one of three words
corsCheck({ serializedOrigin: "https://app.example", credentialsMode: "always" }, { status: 200, headers: [] });

export const policy: Policy = definePolicy({ origins: ["https://app.example"] });
export const decision: Decision = policy.decide({ method: "GET", headers: new Headers() });
export const resolved: AsyncPolicy = definePolicy({ origins: async (origin) => origin.endsWith(".example") });
export const late: Decision | Promise<Decision> = resolved.decide({ method: "GET", headers: {} });

export const migration: Migration = fromKoaCors({ origin: "https://app.example" });
declare const store: IdempotencyStore;
export const handler: (request: Request) => Promise<Response> = cors(policy)(
  crossOriginProtection(policy)(idempotencyKey({ store })(resource({ GET: () => new Response("Hello") }))),
);

// @ts-expect-error origins have no default
definePolicy({ credentials: true });

const options: GatewayOptions = { upstream: "https://api.example/", policy, cache: true };
export const gateway: Gateway = createGateway(options);
export const answer: Promise<Response> = gateway.fetch(new Request("http://localhost/"));

// @ts-expect-error where the gateway listens is a number
createGateway({ upstream: "https://api.example/", policy: null, listen: { port: "8080" } });
