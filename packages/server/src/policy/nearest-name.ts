/**
 * Returns the name that is closest to `name`: at most a third of its letters are wrong, missing, too many, or in each
 * other's place. A beginning of at least four letters is close, too. Null when none is that close.
 */
export function nearestName(name: string, names: readonly string[]): string | null {
  const lowerName = name.toLowerCase();
  let nearest: string | null = null;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const distance = editDistance(lowerName, candidate.toLowerCase());
    if (distance < least) {
      nearest = candidate;
      least = distance;
    }
  }
  if (nearest !== null || name.length < 4) return nearest;
  return names.find((candidate) => candidate.toLowerCase().startsWith(lowerName)) ?? null;
}

/** Counts the letters to change, insert, remove or swap with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  // Nobody misspells at such length.
  if (Math.abs(a.length - b.length) > 10) return Number.POSITIVE_INFINITY;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const distance = Math.min(substituted, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(isSwap ? Math.min(distance, (beforeLast[j - 2] ?? 0) + 1) : distance);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
