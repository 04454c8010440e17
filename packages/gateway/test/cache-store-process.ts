// Another process on the cache file that it is given: stores and invalidates while the test does.
import { openSqliteCacheStore } from "../src/cache/stores/sqlite-store.ts";
import { storedResponse } from "./stored-response.ts";

const store = openSqliteCacheStore(process.argv[2] ?? "");
for (let i = 0; i < 100; i++) {
  await store.invalidate("counted");
  await store.put(`there ${i}`, storedResponse(), 60, await store.generation(`there ${i}`));
  await new Promise((resolve) => setImmediate(resolve));
}
await store.close();
