import { setTimeout as sleep } from "node:timers/promises";
import { PreconditionFailedError } from "../src/resource/index.ts";
import type { CurrentState, ResourceOptions } from "../src/resource/resource-options.ts";
import { assertUnsafeMethod } from "../src/unsafe-method/index.ts";
import type { RunningServer } from "./application.ts";

/** What a handler answers; each harness says it in the words of its framework. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A resource without a framework. */
export interface ResourceSpec {
  readonly handlers: Readonly<Record<string, () => Reply | Promise<Reply>>>;
  readonly options?: ResourceOptions<[]>;
}

/** Serves resources in a framework. */
export interface ResourceHarness {
  readonly name: string;
  readonly http2?: true;
  /** What answers a method that the registry does not have. */
  readonly unknownMethod: number;
  /** Null where the framework does not route QUERY. */
  readonly query: "routed" | null;
  /** Whether it tells the route; otherwise it is the path. */
  readonly namesRoutes: boolean;
  start(resources: Readonly<Record<string, ResourceSpec>>): Promise<RunningServer>;
}

const cacheControl = { "cache-control": "private, no-cache" };

/** The resources of the tests, with state of their own. */
export function createResources(): Readonly<Record<string, ResourceSpec>> {
  let version = 1;
  let isThere = true;
  const book: ResourceSpec = {
    handlers: {
      GET: () =>
        isThere
          ? { status: 200, headers: { "content-type": "text/plain" }, body: `Dune ${version}` }
          : { status: 404, body: "none" },
      async PUT() {
        const before = version;
        await sleep(20);
        const status = isThere ? 204 : 201;
        isThere = true;
        version = before + 1;
        return { status };
      },
      DELETE() {
        isThere = false;
        return { status: 204 };
      },
      PATCH() {
        throw new PreconditionFailedError();
      },
    },
    options: {
      validators: (): CurrentState | null =>
        isThere
          ? { etag: `"v${version}"`, lastModified: new Date("2026-11-22T12:00:00.700Z"), headers: cacheControl }
          : null,
      acceptPatch: ["application/merge-patch+json"],
    },
  };
  return {
    "/book": book,
    "/strict": { handlers: book.handlers, options: { ...book.options, requireConditional: true } },
    "/plain": {
      handlers: {
        GET: () => ({
          status: 200,
          headers: { "content-type": "text/plain", etag: 'W/"plain"', ...cacheControl },
          body: "plain text",
        }),
        POST() {
          throw new Error("no POST today");
        },
        async PUT() {
          await sleep(1);
          throw new Error("no PUT today");
        },
      },
    },
    "/query": {
      handlers: { QUERY: () => ({ status: 200, body: "found" }) },
      options: { acceptQuery: ["application/sql", "text/plain; charset=utf-8"] },
    },
    "/careless": {
      handlers: {
        async GET() {
          await sleep(1);
          try {
            assertUnsafeMethod("UPDATE views");
          } catch (error) {
            return { status: 500, body: String(error) };
          }
          return { status: 200, body: "written" };
        },
        POST() {
          assertUnsafeMethod("UPDATE views");
          return { status: 200, body: "written" };
        },
      },
    },
  };
}
