import { useEffect, useState } from "react";

/** Milliseconds between two steps. */
const pace = 900;

/** Shows steps one after the other. */
export interface Play {
  /** How many are shown; all of them unless it plays. */
  readonly shown: number;
  readonly isPlaying: boolean;
  readonly toggle: () => void;
}

/** Plays a sequence of so many steps, from the first to the last. */
export function usePlay(count: number): Play {
  const [shown, setShown] = useState<number | null>(null);
  useEffect(() => {
    if (shown === null) return;
    const timer = setTimeout(() => setShown(shown >= count ? null : shown + 1), pace);
    return () => clearTimeout(timer);
  }, [shown, count]);
  const isPlaying = shown !== null;
  return { shown: shown ?? count, isPlaying, toggle: () => setShown(isPlaying ? null : 1) };
}
