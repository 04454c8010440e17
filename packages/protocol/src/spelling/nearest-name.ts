/**
 * Finds the name that was probably meant, for a message such as “did you mean”: of at most a third of its letters
 * misspelt, or else one that begins like it, as far as the shorter of the two goes, if that is four letters or more. Null
 * when there is none.
 */
export function nearestName<T extends string>(name: string, names: readonly T[]): T | null {
  const lowerName = name.toLowerCase();
  const misspelt = misspeltName(name, names, Math.max(1, Math.floor(name.length / 3)));
  return misspelt ?? names.find((candidate) => beginsLike(lowerName, candidate.toLowerCase())) ?? null;
}

/**
 * Finds the name that differs least: in at most `limit` letters that are left out, too many, wrong or in each other's
 * place, letter case aside. Null when there is none, or when nothing of it would be left.
 */
export function misspeltName<T extends string>(name: string, names: readonly T[], limit: number): T | null {
  const lowerName = name.toLowerCase();
  let nearest: T | null = null;
  let least = limit + 1;
  for (const candidate of names) {
    // Nobody misspells at such length.
    if (Math.abs(name.length - candidate.length) > 10) continue;
    const distance = editDistance(lowerName, candidate.toLowerCase());
    if (distance < least && distance < candidate.length) {
      nearest = candidate;
      least = distance;
    }
  }
  return nearest;
}

function beginsLike(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 4 && (a.startsWith(b) || b.startsWith(a));
}

// Optimal string alignment: like Levenshtein's, with neighbours swapped counting as one.
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (beforeLast[j - 2] as number) : replaced;
      row.push(Math.min(replaced, 1 + Math.min(last[j] as number, row[j - 1] as number, swapped)));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] as number;
}
