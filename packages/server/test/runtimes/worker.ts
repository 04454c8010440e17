import { mountsOfCases } from "../cases.ts";
import { createApp } from "../hono-application.ts";
import { createFetch } from "../web-application.ts";

const { policy, protection } = mountsOfCases();
const app = createApp(policy);
const protectedApp = createApp(protection);

/** One entry point for each server; workerd has them listen on ports of their own. */
export const web = { fetch: createFetch(policy) };
export const webProtected = { fetch: createFetch(protection) };
export const hono = { fetch: (request: Request) => app.fetch(request) };
export const honoProtected = { fetch: (request: Request) => protectedApp.fetch(request) };
