const signals = ["SIGINT", "SIGTERM"] as const;

/** Resolves at the first signal that asks this process to stop, which then goes on for the time being. */
export function stopSignal(): Promise<void> {
  return new Promise((settle) => {
    const stop = (): void => {
      for (const signal of signals) process.off(signal, stop);
      settle();
    };
    for (const signal of signals) process.on(signal, stop);
  });
}

/** Ends this process at the next such signal, whatever is under way. */
export function secondSignal(): { forget(): void } {
  const end = (): never => process.exit(0);
  for (const signal of signals) process.on(signal, end);
  return {
    forget: () => {
      for (const signal of signals) process.off(signal, end);
    },
  };
}
