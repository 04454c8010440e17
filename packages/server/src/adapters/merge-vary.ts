/**
 * Appends to the value of a `Vary` header the names that it lacks. `*` covers every name.
 *
 * @param existing the value so far, null without one
 * @see https://httpwg.org/specs/rfc9110.html#field.vary
 */
export function mergeVary(existing: string | null, names: readonly string[]): string {
  if (existing === null || existing === "") return names.length === 1 ? (names[0] as string) : names.join(", ");
  const members = existing.toLowerCase().split(",");
  for (let index = 0; index < members.length; index += 1) members[index] = (members[index] as string).trim();
  if (members.includes("*")) return existing;
  let merged = existing;
  for (const name of names) if (!members.includes(name.toLowerCase())) merged += `, ${name}`;
  return merged;
}
