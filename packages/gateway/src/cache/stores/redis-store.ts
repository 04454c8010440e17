import { createHash, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { type CacheStore, type Lease, maxVariants, type StoredResponse } from "../cache-store.ts";
import { CacheStoreError } from "./cache-store-error.ts";
import { bucketOf } from "./key-bucket.ts";
import { parseStoredResponse, serializeStoredResponse } from "./stored-response-bytes.ts";
import { waitForTurn } from "./wait-for-turn.ts";

/** What the store uses of a client of `ioredis`. */
export interface RedisCacheClient {
  callBuffer(command: string, ...values: (string | number | Buffer)[]): Promise<unknown>;
  disconnect(): void;
}

/** Where a store in Redis keeps its keys. */
export interface RedisCacheStoreOptions {
  /** What the names of its keys begin with; default `corsac:cache:`. */
  readonly prefix?: string;
  /** Milliseconds between two looks at whether another gateway is done; default 25. */
  readonly interval?: number;
}

/** Milliseconds after which a connection or a command counts as failed: requests wait no longer for a Redis that hangs. */
const commandTime = 1000;

/** Keys: responses by id, ids by age. */
const getScript = `local ids = redis.call('ZREVRANGE', KEYS[2], 0, -1)
if #ids == 0 then return {} end
return redis.call('HMGET', KEYS[1], unpack(ids))`;

/** Keys: those, generations. Arguments: bucket, generation, id, response, lifetime. */
const putScript = `if (redis.call('HGET', KEYS[3], ARGV[1]) or '0') ~= ARGV[2] then return 0 end
local newest = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')
redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
redis.call('ZADD', KEYS[2], (tonumber(newest[2]) or 0) + 1, ARGV[3])
local old = redis.call('ZRANGE', KEYS[2], 0, -${maxVariants + 1})
if #old > 0 then
  redis.call('HDEL', KEYS[1], unpack(old))
  redis.call('ZREM', KEYS[2], unpack(old))
end
local life = string.format('%.0f', math.max(redis.call('PTTL', KEYS[1]), tonumber(ARGV[5])))
redis.call('PEXPIRE', KEYS[1], life)
redis.call('PEXPIRE', KEYS[2], life)
return 1`;

const invalidateScript = `redis.call('HINCRBY', KEYS[3], ARGV[1], 1)
return redis.call('DEL', KEYS[1], KEYS[2])`;

const releaseScript = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

/**
 * Makes a cache store in Redis, for any number of gateways: they see each other's responses and invalidations, and only
 * one of them fetches what several are asked for. How much it holds is a matter of Redis's `maxmemory`, with a policy
 * such as `allkeys-lru`. The store takes the client over and closes it.
 *
 * @example
 * createGateway({ upstream, policy, cache: { store: createRedisCacheStore(new Redis({ sentinels, name })) } });
 */
export function createRedisCacheStore(client: RedisCacheClient, options: RedisCacheStoreOptions = {}): CacheStore {
  return new RedisStore(client, options, null);
}

/**
 * Makes a cache store in the Redis at a URL such as `redis://127.0.0.1:6379`, by the package `ioredis`. It connects by
 * itself, again too; while it cannot, everything asked of the store fails at once. Invalidations fail as well then: what
 * was stored before stays until its lifetime is over.
 *
 * @throws {CacheStoreError} `library-missing`
 */
export function openRedisCacheStore(url: string, options: RedisCacheStoreOptions = {}): CacheStore {
  const Redis = ioredis();
  const client = new Redis(url, {
    commandTimeout: commandTime,
    connectTimeout: commandTime,
    enableOfflineQueue: false,
    lazyConnect: true,
  });
  // Each command tells its own failure.
  client.on("error", () => {});
  return new RedisStore(client, options, client.connect());
}

class RedisStore implements CacheStore {
  readonly #client: RedisCacheClient;
  readonly #prefix: string;
  readonly #interval: number;
  /** The first attempt to connect, which commands wait for; null once it has ended one way or the other. */
  #connecting: Promise<void> | null;

  constructor(
    client: RedisCacheClient,
    { prefix = "corsac:cache:", interval = 25 }: RedisCacheStoreOptions,
    connecting: Promise<unknown> | null,
  ) {
    const connected = () => {
      this.#connecting = null;
    };
    this.#connecting = connecting?.then(connected, connected) ?? null;
    this.#client = client;
    this.#prefix = prefix;
    this.#interval = interval;
  }

  async get(key: string): Promise<StoredResponse[]> {
    const [responses, order] = this.#keys(key);
    const found = (await this.#run(getScript, [responses, order])) as (Buffer | null)[];
    return found.filter((content) => content !== null).map(parseStoredResponse);
  }

  async put(key: string, response: StoredResponse, lifetime: number, generation: number): Promise<void> {
    const milliseconds = Math.max(1, Math.ceil(lifetime * 1000));
    const content = serializeStoredResponse(response);
    await this.#run(putScript, this.#keys(key), bucketOf(key), generation, response.id, content, milliseconds);
  }

  async generation(key: string): Promise<number> {
    const [, , generations] = this.#keys(key);
    return Number(await this.#call("HGET", generations, bucketOf(key)));
  }

  async invalidate(key: string): Promise<void> {
    await this.#run(invalidateScript, this.#keys(key), bucketOf(key));
  }

  async lease(key: string, seconds: number): Promise<Lease | null> {
    const turn = this.#turnKey(key);
    const token = randomUUID();
    const milliseconds = Math.max(1, Math.ceil(seconds * 1000));
    const taken = await this.#call("SET", turn, token, "NX", "PX", milliseconds);
    // It runs out by itself if Redis cannot be told.
    return taken === null ? null : { release: () => void this.#run(releaseScript, [turn], token).catch(() => {}) };
  }

  wait(key: string, seconds: number): Promise<void> {
    const turn = this.#turnKey(key);
    const holder = async () => {
      const token = (await this.#call("GET", turn)) as Buffer | null;
      return token === null ? null : token.toString();
    };
    return waitForTurn(holder, seconds, this.#interval);
  }

  close(): void {
    this.#client.disconnect();
  }

  #run(script: string, keys: readonly string[], ...values: (string | number | Buffer)[]): Promise<unknown> {
    return this.#call("EVAL", script, keys.length, ...keys, ...values);
  }

  async #call(command: string, ...values: (string | number | Buffer)[]): Promise<unknown> {
    if (this.#connecting !== null) await this.#connecting;
    return this.#client.callBuffer(command, ...values);
  }

  /** Keys of the gateway are long, and may tell what nobody who looks at the keys of a Redis has to know. */
  #keys(key: string): [responses: string, order: string, generations: string] {
    const digest = createHash("sha256").update(key).digest("base64url");
    return [`${this.#prefix}responses:${digest}`, `${this.#prefix}order:${digest}`, `${this.#prefix}generations`];
  }

  #turnKey(key: string): string {
    return `${this.#prefix}turn:${createHash("sha256").update(key).digest("base64url")}`;
  }
}

type RedisConstructor = new (
  url: string,
  options: Readonly<Record<"commandTimeout" | "connectTimeout", number>> &
    Readonly<Record<"enableOfflineQueue" | "lazyConnect", boolean>>,
) => RedisCacheClient & { connect(): Promise<unknown>; on(event: "error", listener: () => void): unknown };

function ioredis(): RedisConstructor {
  try {
    return (createRequire(import.meta.url)("ioredis") as { readonly Redis: RedisConstructor }).Redis;
  } catch (cause) {
    const message = "A cache in Redis needs the package `ioredis`: npm install ioredis";
    throw new CacheStoreError("library-missing", message, { cause });
  }
}
