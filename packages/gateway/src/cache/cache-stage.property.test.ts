import fc from "fast-check";
import { expect, test } from "vitest";
import { exchange } from "../../test/recording-sink.ts";
import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import type { Handler } from "../exchange/response-sink.ts";
import { withCache } from "./cache-stage.ts";
import type { CacheStore } from "./cache-store.ts";
import { createMemoryCacheStore } from "./memory-store.ts";

/** What an upstream says about the use of a response, as data and never parsed back. */
interface Permission {
  readonly maxAge: number;
  readonly swr: number;
  readonly kind: "plain" | "no-store" | "private" | "no-cache";
  readonly varies: boolean;
}

type Step =
  | { readonly type: "ask"; readonly target: string; readonly accept: string; readonly method: "GET" | "HEAD" }
  | { readonly type: "change"; readonly target: string; readonly succeeds: boolean }
  | { readonly type: "wait"; readonly seconds: number };

interface Known extends Permission {
  readonly target: string;
  readonly accept: string;
  readonly version: number;
  /** When the upstream said so, in milliseconds. */
  readonly at: number;
}

const targets = fc.constantFrom("/a", "/b");
const accepts = fc.constantFrom("x", "y");
const permission: fc.Arbitrary<Permission> = fc.record({
  maxAge: fc.constantFrom(0, 10, 60),
  swr: fc.constantFrom(0, 0, 30),
  kind: fc.constantFrom("plain", "plain", "plain", "no-store", "private", "no-cache"),
  varies: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("ask"),
      target: targets,
      accept: accepts,
      method: fc.constantFrom("GET", "GET", "HEAD"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("change"), target: targets, succeeds: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("wait"), seconds: fc.constantFrom(1, 9, 31) }) },
);

function headersOf({ maxAge, swr, kind, varies }: Permission): HeaderFields {
  const directives = [`max-age=${maxAge}`, ...(swr > 0 ? [`stale-while-revalidate=${swr}`] : [])];
  if (kind !== "plain") directives.push(kind);
  return { "cache-control": directives.join(", "), ...(varies ? { vary: "Accept" } : {}) };
}

/** Memory as it is, memory that has hardly any room, and memory behind promises. */
function stores(clock: () => number): CacheStore[] {
  const behind = createMemoryCacheStore({ clock });
  const later: CacheStore = {
    get: async (key) => behind.get(key),
    put: async (key, response, lifetime, generation) => behind.put(key, response, lifetime, generation),
    generation: async (key) => behind.generation(key),
    invalidate: async (key) => behind.invalidate(key),
    close: () => behind.close(),
  };
  return [createMemoryCacheStore({ clock }), createMemoryCacheStore({ clock, maxBytes: 4000 }), later];
}

/** Plays the steps, and checks each answer against what the upstream said when. */
async function play(steps: readonly Step[], permissions: readonly Permission[], which: number): Promise<void> {
  let now = Date.UTC(2026, 10, 22);
  const versions = new Map<string, number>();
  /** The last word of the upstream about each content. */
  const known = new Map<string, Known>();
  let said = 0;
  let trips = 0;
  const upstream: Handler = (request, sink) => {
    trips += 1;
    const { method, target, headers } = request;
    const version = versions.get(target) ?? 0;
    if (method === "PUT") {
      const succeeds = headers["x-succeeds"] === "true";
      if (succeeds) versions.set(target, version + 1);
      sink.start({ status: succeeds ? 204 : 500, statusText: "", headers: {} });
      sink.end(null);
      return;
    }
    const word = permissions[said++ % permissions.length] as Permission;
    const accept = String(headers.accept);
    const body = `${target} ${version} ${accept} ${word.varies || accept === "x" ? "" : "any"}`;
    const tag = `"${body.replaceAll(" ", "-")}"`;
    known.set(body, { ...word, target, accept, version, at: now });
    const isKnown = (fieldValue(headers, "if-none-match") ?? "").split(", ").includes(tag);
    sink.start({
      status: isKnown ? 304 : 200,
      statusText: "",
      headers: { ...headersOf(word), etag: tag, "x-body": body },
    });
    if (!isKnown && method === "GET") sink.write(Buffer.from(body));
    sink.end(null);
  };
  const stage = withCache(upstream, {
    ...{
      store: stores(() => now)[which] as CacheStore,
      clock: () => now,
      scope: "",
      upstream: new URL("http://api.example"),
    },
    ...{ prefix: "", maxEntryBytes: 1000, maxWait: 1, forwardOrigin: false, ownsCors: true },
    onStoreError: (error) => expect.fail(String(error)),
  });

  for (const each of steps) {
    if (each.type === "wait") {
      now += each.seconds * 1000;
      continue;
    }
    if (each.type === "change") {
      await exchange(stage, { method: "PUT", target: each.target, headers: { "x-succeeds": String(each.succeeds) } });
      continue;
    }
    const { target, accept, method } = each;
    // What was served stale is validated behind, and that is no trip of the next step.
    await new Promise(setImmediate);
    // Before the trip, which may change what is known.
    const before = new Map(known);
    const tripsBefore = trips;
    const { head, body } = await exchange(stage, { method, target, headers: { accept } });
    const name = String(head?.headers["x-body"]);
    expect(body).toBe(method === "HEAD" ? "" : name);
    const source = known.get(name) as Known;
    expect(source.target).toBe(target);
    expect(source.version).toBe(versions.get(target) ?? 0);
    if (!String(head?.headers["cache-status"]).includes("; hit")) {
      expect(trips).toBeGreaterThan(tripsBefore);
      continue;
    }
    const stored = before.get(name) as Known;
    expect(stored.kind).toBe("plain");
    expect(now - stored.at).toBeLessThan((stored.maxAge + stored.swr) * 1000);
    if (stored.varies) expect(stored.accept).toBe(accept);
    if (now - stored.at < stored.maxAge * 1000) expect(trips).toBe(tripsBefore);
    else expect(String(head?.headers["cache-status"])).toContain("stale-while-revalidate");
  }
}

test.each([
  [0, "memory"],
  [1, "memory that is full"],
  [2, "a store that answers later"],
])(
  "%i: no answer from %s but what the upstream allowed for this request at this time",
  { timeout: 20_000 },
  async (which) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.array(permission, { minLength: 1, maxLength: 8 }),
        (steps, permissions) => play(steps, permissions, which),
      ),
      { numRuns: 60 },
    );
  },
);
