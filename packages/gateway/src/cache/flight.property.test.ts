import fc from "fast-check";
import { expect, test } from "vitest";
import { gatewayRequest, type Recorded, RecordingSink } from "../../test/recording-sink.ts";
import type { GatewayRequest } from "../exchange/gateway-request.ts";
import { fieldValue, type HeaderFields } from "../exchange/header-fields.ts";
import type { Handler, ResponseSink } from "../exchange/response-sink.ts";
import { withCache } from "./cache-stage.ts";
import type { CacheStore } from "./cache-store.ts";
import { createMemoryCacheStore } from "./memory-store.ts";

/** What may happen while requests are under way; `at` picks one of those there are. */
type Event =
  | { readonly type: "ask"; readonly target: string; readonly accept: string; readonly kind: Kind }
  | { readonly type: "begin"; readonly at: number; readonly cacheControl: string; readonly answers304: boolean }
  | { readonly type: "finish" | "cut" | "leave"; readonly at: number }
  | { readonly type: "change"; readonly target: string }
  | { readonly type: "pass" };

type Kind = "whole" | "conditional" | "part" | "head" | "reload";

interface Client {
  readonly event: Event & { type: "ask" };
  readonly sink: RecordingSink;
  recorded: Recorded | null;
  hasLeft: boolean;
}

interface Trip {
  readonly request: GatewayRequest;
  readonly sink: ResponseSink;
  isOpen: boolean;
  hasBegun: boolean;
  /** Whether it answers with 304. */
  isShort: boolean;
}

const at = fc.nat(20);
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant("ask"),
      target: fc.constantFrom("/a", "/a", "/b"),
      accept: fc.constantFrom("x", "x", "y"),
      kind: fc.constantFrom<Kind[]>("whole", "whole", "whole", "conditional", "part", "head", "reload"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("begin"),
      at,
      answers304: fc.boolean(),
      cacheControl: fc.constantFrom(
        "max-age=60",
        "max-age=60",
        "no-store",
        "max-age=0",
        "max-age=0, stale-while-revalidate=9",
      ),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("finish"), at }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("cut"), at }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("leave"), at }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("change"), target: fc.constantFrom("/a", "/b") }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("pass") }) },
);

const extra: Readonly<Record<Kind, (tag: string) => HeaderFields>> = {
  whole: () => ({}),
  conditional: (tag) => ({ "if-none-match": tag }),
  part: () => ({ range: "bytes=0-1" }),
  head: () => ({}),
  reload: () => ({ "cache-control": "no-cache" }),
};

/** A store that several gateways share: it answers later, and gives turns. */
function sharedStore(): CacheStore {
  const memory = createMemoryCacheStore();
  const turns = new Map<string, (() => void)[]>();
  return {
    get: async (key) => memory.get(key),
    put: async (key, response, lifetime, generation) => memory.put(key, response, lifetime, generation),
    generation: async (key) => memory.generation(key),
    invalidate: async (key) => memory.invalidate(key),
    close: () => memory.close(),
    async lease(key) {
      if (turns.has(key)) return null;
      turns.set(key, []);
      const release = () => {
        for (const go of turns.get(key) ?? []) go();
        turns.delete(key);
      };
      return { release };
    },
    wait: (key) => new Promise((resolve) => void (turns.get(key)?.push(resolve) ?? resolve())),
  };
}

class World {
  readonly clients: Client[] = [];
  readonly trips: Trip[] = [];
  readonly #stages: Handler[];

  constructor(stores: readonly CacheStore[]) {
    const upstream: Handler = (request, sink) => {
      const trip: Trip = { request, sink, isOpen: true, hasBegun: false, isShort: false };
      this.trips.push(trip);
      sink.onAbort(() => {
        trip.isOpen = false;
      });
    };
    this.#stages = stores.map((store) =>
      withCache(upstream, {
        ...{
          store,
          clock: () => 0,
          scope: "",
          upstream: new URL("http://api.example"),
          prefix: "",
          maxEntryBytes: 1000,
        },
        ...{ maxWait: 1000, forwardOrigin: false, ownsCors: true, onStoreError: (error) => expect.fail(String(error)) },
      }),
    );
  }

  async play(each: Event): Promise<void> {
    if (each.type === "pass") await new Promise(setImmediate);
    else if (each.type === "ask") this.#ask(each);
    else if (each.type === "change")
      this.#stage()(gatewayRequest({ method: "PUT", target: each.target }), new RecordingSink());
    else if (each.type === "leave") this.#leave(each.at);
    else {
      const open = this.trips.filter(({ isOpen }) => isOpen);
      const trip = open[each.at % open.length];
      if (trip === undefined) return;
      if (each.type === "begin") begin(trip, each.cacheControl, each.answers304);
      else if (each.type === "finish") finish(trip);
      else cut(trip);
    }
  }

  /** Lets the upstream answer all that is still open. */
  async settle(): Promise<void> {
    for (let round = 0; round < 100; round++) {
      for (const trip of this.trips) if (trip.isOpen) finish(trip);
      await new Promise(setImmediate);
      if (this.trips.every(({ isOpen }) => !isOpen)) return;
    }
    expect.fail("The upstream is asked again and again.");
  }

  #stage(): Handler {
    return this.#stages[this.clients.length % this.#stages.length] as Handler;
  }

  #ask(each: Event & { type: "ask" }): void {
    const { target, accept, kind } = each;
    const sink = new RecordingSink();
    const client: Client = { event: each, sink, recorded: null, hasLeft: false };
    void sink.ended.then((recorded) => {
      client.recorded = recorded;
    });
    const headers = { accept, ...extra[kind](tagOf(target, accept)) };
    this.#stage()(gatewayRequest({ method: kind === "head" ? "HEAD" : "GET", target, headers }), sink);
    this.clients.push(client);
  }

  #leave(index: number): void {
    const waiting = this.clients.filter(({ recorded, hasLeft }) => recorded === null && !hasLeft);
    const client = waiting[index % waiting.length];
    if (client === undefined) return;
    client.hasLeft = true;
    client.sink.abort();
  }
}

function tagOf(target: string, accept: string): string {
  return `"${target}-${accept}"`;
}

function contentOf(target: string, accept: string): string {
  return `${target}${accept} to the end`;
}

function begin(trip: Trip, cacheControl: string, answers304: boolean): void {
  if (trip.hasBegun) return;
  trip.hasBegun = true;
  const { method, target, headers } = trip.request;
  if (method === "PUT") {
    trip.sink.start({ status: 204, statusText: "", headers: {} });
    return;
  }
  const tag = tagOf(target, String(headers.accept));
  trip.isShort = answers304 && (fieldValue(headers, "if-none-match") ?? "").includes(tag);
  const fields = { "cache-control": cacheControl, vary: "Accept", etag: tag };
  trip.sink.start({ status: trip.isShort ? 304 : 200, statusText: "", headers: fields });
  if (trip.isShort) finish(trip);
  else if (method === "GET") trip.sink.write(Buffer.from(contentOf(target, String(headers.accept)).slice(0, 4)));
}

function finish(trip: Trip): void {
  begin(trip, "max-age=60", true);
  if (!trip.isOpen) return;
  trip.isOpen = false;
  const { method, target, headers } = trip.request;
  if (method === "GET" && !trip.isShort)
    trip.sink.write(Buffer.from(contentOf(target, String(headers.accept)).slice(4)));
  trip.sink.end(null);
}

function cut(trip: Trip): void {
  trip.isOpen = false;
  trip.sink.fail(new Error("The connection is lost."));
}

test.each([
  ["memory", () => [createMemoryCacheStore()]],
  [
    "a store that two gateways share",
    () => {
      const store = sharedStore();
      return [store, store];
    },
  ],
])(
  "with %s, whatever happens meanwhile, each client that stays gets one answer, and that to what it asked",
  async (_title, stores) => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
        const world = new World(stores());
        for (const each of events) await world.play(each);
        await world.settle();
        for (const { event: asked, recorded, hasLeft } of world.clients) {
          if (hasLeft) continue;
          expect(recorded).not.toBeNull();
          if (recorded === null || recorded.error !== null) continue;
          const { target, accept, kind } = asked;
          const status = recorded.head?.status;
          const whole = contentOf(target, accept);
          expect(recorded.head?.headers.etag).toBe(tagOf(target, accept));
          if (status === 304) expect(kind).toBe("conditional");
          else if (status === 206) expect(kind).toBe("part");
          else expect(status).toBe(200);
          expect(recorded.body).toBe(
            status === 304 || kind === "head" ? "" : status === 206 ? whole.slice(0, 2) : whole,
          );
        }
        // An error is for those who were answered by what was cut.
        const cuts = events.filter(({ type }) => type === "cut").length;
        if (cuts === 0) expect(world.clients.filter(({ recorded }) => recorded?.error)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  },
);
