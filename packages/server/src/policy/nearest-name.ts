/**
 * Returns the name that is closest to `name`: at most a third of its letters are wrong, missing or too many. Otherwise one
 * that begins like it, as far as the shorter of the two goes, if that is four letters or more. Null when there is none.
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
  return nearest ?? names.find((candidate) => beginsLike(lowerName, candidate.toLowerCase())) ?? null;
}

function beginsLike(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 4 && (a.startsWith(b) || b.startsWith(a));
}

/** Counts the letters to change, insert and remove. */
function editDistance(a: string, b: string): number {
  // Nobody misspells at such length.
  if (Math.abs(a.length - b.length) > 10) return Number.POSITIVE_INFINITY;
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substituted, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    last = row;
  }
  return last[b.length] ?? 0;
}
