/** Headers that describe content, which a 304 does not have. */
export const contentHeaders: readonly string[] = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-range",
  "content-type",
  "transfer-encoding",
];

/** Statuses whose responses carry a representation of the resource's current state. */
export function carriesRepresentation(status: number): boolean {
  return status === 200 || status === 206;
}
