/** Lets those who name the same key run one after another. */
export interface Mutex {
  /** Waits until nobody has the key. Call what it gives to let the next one in. */
  acquire(key: string): Promise<() => void>;
}

/** Makes a mutex of this process. It remembers only the keys that somebody has. */
export function createMutex(): Mutex {
  const tails = new Map<string, Promise<void>>();
  return {
    async acquire(key) {
      const before = tails.get(key);
      let release: () => void = () => {};
      const own = new Promise<void>((resolve) => {
        release = resolve;
      });
      const tail = before === undefined ? own : before.then(() => own);
      tails.set(key, tail);
      await before;
      return () => {
        if (tails.get(key) === tail) tails.delete(key);
        release();
      };
    },
  };
}
