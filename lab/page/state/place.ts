import type { Chapter } from "../../situation/presets.ts";

/** Where in the lab the visitor is: what the fragment of the URL says. */
export type Place =
  | {
      readonly kind: "chapter";
      readonly chapter: Chapter;
      readonly preset: string | null;
      readonly changes: string | null;
    }
  | { readonly kind: "bench"; readonly changes: string | null }
  | { readonly kind: "try" };

/** Reads a fragment without its `#`; `null` when it is none of ours. */
export function readPlace(fragment: string): Place | null {
  const [head = "", ...rest] = fragment.split("/");
  if (head === "") return { kind: "chapter", chapter: 1, preset: null, changes: null };
  if (head === "try" && rest.length === 0) return { kind: "try" };
  if (head === "bench" && rest.length <= 1) return { kind: "bench", changes: rest[0] ?? null };
  if (!/^[1-8]$/.test(head) || rest.length > 2) return null;
  return { kind: "chapter", chapter: Number(head) as Chapter, preset: rest[0] ?? null, changes: rest[1] ?? null };
}

/** Writes the fragment, with its `#`. */
export function writePlace(place: Place): string {
  switch (place.kind) {
    case "try":
      return "#try";
    case "bench":
      return place.changes === null ? "#bench" : `#bench/${place.changes}`;
    case "chapter": {
      const parts = [place.chapter, place.preset, place.preset === null ? null : place.changes];
      return `#${parts.filter((part) => part !== null).join("/")}`;
    }
  }
}
