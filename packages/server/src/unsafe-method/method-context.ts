/** The request that is being served. */
export interface MethodContext {
  readonly method: string;
  /** Its route, where the framework tells; otherwise its path. */
  readonly route: string;
  /** Log what a safe request would change, and refuse nothing. */
  readonly reportOnly: boolean;
  /** The application says that what it writes is no change that the client asked for. */
  readonly isBookkeeping: boolean;
}

interface ContextStorage {
  run<T>(context: MethodContext, callback: () => T): T;
  getStore(): MethodContext | undefined;
}

type StorageConstructor = new () => ContextStorage;

/** One for all copies of this package in a process: adapters and data layers may come by different roads. */
const storageKey = Symbol.for("corsac.method-context");

function createStorage(): ContextStorage | null {
  const runtime = globalThis as {
    AsyncLocalStorage?: StorageConstructor;
    process?: { getBuiltinModule?: (name: string) => { AsyncLocalStorage?: StorageConstructor } | undefined };
  };
  // An import would fail where there is no such module; Next.js has the class as a global in its edge runtime.
  const Storage =
    runtime.AsyncLocalStorage ?? runtime.process?.getBuiltinModule?.("node:async_hooks")?.AsyncLocalStorage;
  return Storage === undefined ? null : new Storage();
}

const shared = globalThis as { [storageKey]?: ContextStorage | null };
shared[storageKey] ??= createStorage();
const storage: ContextStorage | null = shared[storageKey] ?? null;

/** Returns the request that is being served; undefined outside of requests, and where the runtime has no way to know. */
export function currentMethod(): MethodContext | undefined {
  return storage?.getStore();
}

/**
 * Serves a request: whatever `serve` calls, also later, belongs to it.
 *
 * @param reportOnly undefined: as around it
 */
export function serveMethod<T>(method: string, route: string, reportOnly: boolean | undefined, serve: () => T): T {
  if (storage === null) return serve();
  const around = storage.getStore();
  const context = { method, route, reportOnly: reportOnly ?? around?.reportOnly ?? false, isBookkeeping: false };
  return storage.run(context, serve);
}

/**
 * Runs `write` with leave to write, whatever the method: for logs, counters and caches. The client of a safe request does
 * not ask for such changes and is not accountable for them.
 *
 * @see https://httpwg.org/specs/rfc9110.html#safe.methods
 */
export function asBookkeeping<T>(write: () => T): T {
  const context = storage?.getStore();
  return storage === null || context === undefined ? write() : storage.run({ ...context, isBookkeeping: true }, write);
}
