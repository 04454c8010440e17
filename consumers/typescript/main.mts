import { Browser } from "@corsac/browser";
import { type CorsCheckResult, corsCheck, isSafeMethod } from "@corsac/protocol";
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
