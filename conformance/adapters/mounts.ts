import { definePolicy } from "@corsac/server";
import type { Mount } from "../../packages/server/test/application.ts";
import type { PortNames } from "../verdicts/port-names.ts";

/** The policy of a whole server, in which every option shows. */
export function wholeMounts(ports: PortNames): readonly Mount[] {
  const origins = ["http://localhost:{P1}", "http://127.0.0.1:{P1}"].map((origin) => ports.fill(origin));
  const policy = definePolicy({
    origins,
    credentials: true,
    methods: ["PUT", "OPTIONS"],
    requestHeaders: ["Content-Type", "X-Request-Id"],
    exposedHeaders: ["ETag"],
    // Browsers keep the answers to preflights for 5 seconds otherwise, from one situation to the next.
    maxAge: -1,
  });
  return [{ path: "", policies: [policy] }];
}

/** Policies for the parts of a server. */
export function partMounts(ports: PortNames): readonly Mount[] {
  const app = ports.fill("http://localhost:{P1}");
  const trusting = definePolicy({ origins: [app], credentials: true, methods: ["PUT"] });
  return [
    {
      path: "/public",
      policies: [definePolicy({ origins: "*", methods: "*", requestHeaders: "*", exposedHeaders: "*", maxAge: -1 })],
    },
    {
      path: "/ports",
      policies: [definePolicy({ origins: ["http://localhost:*", "http://[::1]:*"], methods: ["PUT"], maxAge: -1 })],
    },
    { path: "/subdomains", policies: [definePolicy({ origins: ["http://*.localhost:*"] })] },
    {
      path: "/null",
      policies: [definePolicy({ origins: ["null"], methods: ["PUT"], maxAge: -1, dangerously: { nullOrigin: true } })],
    },
    {
      path: "/asked",
      policies: [definePolicy({ origins: (origin) => Promise.resolve(origin === app), methods: ["PUT"], maxAge: -1 })],
    },
    { path: "/kept", policies: [definePolicy({ origins: [app], methods: ["PUT"], maxAge: 600 })] },
    { path: "/same-site", policies: [definePolicy({ origins: [app], resourcePolicy: "same-site" })] },
    { path: "/protected", policies: [trusting], protection: trusting },
    { path: "/none", policies: [] },
  ];
}
