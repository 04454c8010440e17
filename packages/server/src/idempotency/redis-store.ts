import { type IdempotencyStore, parseResponse, serializeResponse } from "./idempotency-store.ts";

/** What the store uses of a client: `call` of `ioredis`, or `sendCommand` of `redis`. */
export type RedisClient =
  | { call(command: string, ...values: string[]): Promise<unknown> }
  | { sendCommand(values: string[]): Promise<unknown> };

/** Where a store in Redis keeps its keys. */
export interface RedisStoreOptions {
  /** What the names of its keys begin with. Default `idempotency:`. */
  readonly prefix?: string;
}

const time = "local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)";

/** Arguments: fingerprint, token, lease, ttl. Scripts run alone, so that of all who ask at the same time one begins. */
const beginScript = `${time}
local kept = redis.call('HMGET', KEYS[1], 'fingerprint', 'response', 'leaseEnd', 'attempt')
if kept[2] then return {'completed', kept[1], kept[2]} end
if kept[1] and (tonumber(kept[3]) > now or kept[1] ~= ARGV[1]) then return {'running', kept[1]} end
local attempt = (tonumber(kept[4]) or 0) + 1
local leaseEnd = string.format('%.0f', now + ARGV[3])
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'token', ARGV[2], 'leaseEnd', leaseEnd, 'attempt', attempt)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return {'begun', tostring(attempt)}`;

/** Goes on for who holds the lease; the token is the first argument. */
const asHolder = `if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] or redis.call('HEXISTS', KEYS[1], 'response') == 1 then
  return 0
end`;

const renewScript = `${asHolder}
${time}
redis.call('HSET', KEYS[1], 'leaseEnd', string.format('%.0f', now + ARGV[2]))
return 1`;

const completeScript = `${asHolder}
redis.call('HSET', KEYS[1], 'response', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

const releaseScript = `${asHolder}
return redis.call('DEL', KEYS[1])`;

/**
 * Makes a store in Redis, for any number of processes and machines. What Redis has not written to disk is lost when its
 * machine dies; `appendfsync always` keeps all.
 *
 * @example
 * idempotencyKey({ store: createRedisStore(new Redis()) });
 */
export function createRedisStore(
  client: RedisClient,
  { prefix = "idempotency:" }: RedisStoreOptions = {},
): IdempotencyStore {
  const run = (script: string, id: string, ...values: (number | string)[]): Promise<unknown> => {
    const given = [script, "1", prefix + id, ...values.map(String)];
    return "call" in client ? client.call("EVAL", ...given) : client.sendCommand(["EVAL", ...given]);
  };
  return {
    async begin(id, { fingerprint, token, lease, ttl }) {
      const reply = (await run(beginScript, id, fingerprint, token, Math.ceil(lease), Math.ceil(ttl))) as string[];
      const [state, first = "", response = ""] = reply;
      if (state === "begun") return { state, attempt: Number(first) };
      if (state === "running") return { state, fingerprint: first };
      return { state: "completed", fingerprint: first, response: parseResponse(response) };
    },
    renew: async (id, token, lease) => (await run(renewScript, id, token, Math.ceil(lease))) === 1,
    complete: async (id, token, response, ttl) =>
      (await run(completeScript, id, token, serializeResponse(response), Math.ceil(ttl))) === 1,
    release: async (id, token) => {
      await run(releaseScript, id, token);
    },
  };
}
