import { createRequire } from "node:module";
import type { PolicyJson } from "@corsac/server";

/** The policy file. An import would need the build to copy it, and Node 20 to warn that it is an experiment. */
const require = createRequire(import.meta.url);

/** The one policy of the API: who may read it from another origin, and thereby whose unsafe requests are trusted. */
export const policyOptions: PolicyJson = require("#books/policy.json");

/** The front end that may use the API with cookies, from another origin. */
export const bookshopOrigin = String(policyOptions.origins[0]);
