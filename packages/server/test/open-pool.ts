import { Pool, type PoolConfig } from "pg";

/** Opens a pool whose connections may be cut off: the server is stopped at the end of the tests. */
export function openPool(config: PoolConfig): Pool {
  const pool = new Pool(config);
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}
