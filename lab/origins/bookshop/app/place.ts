import { useEffect, useState } from "react";

/** Where in the shop the visitor is: what the fragment of the URL says. */
export type Place =
  | { readonly kind: "shelf"; readonly offset: number }
  | { readonly kind: "book"; readonly title: string }
  | { readonly kind: "add" };

/** Reads a fragment; what is none of ours leads to the first shelf. */
export function readPlace(hash: string): Place {
  const [, head, rest = ""] = /^#\/([a-z]+)\/?(.*)$/.exec(hash) ?? [];
  if (head === "add") return { kind: "add" };
  if (head === "book" && rest !== "") return { kind: "book", title: decoded(rest) };
  return { kind: "shelf", offset: head === "shelf" && /^\d{1,6}$/.test(rest) ? Number(rest) : 0 };
}

/** Writes a fragment, with its `#`. */
export function writePlace(place: Place): string {
  switch (place.kind) {
    case "shelf":
      return `#/shelf/${place.offset}`;
    case "book":
      return `#/book/${encodeURIComponent(place.title)}`;
    case "add":
      return "#/add";
  }
}

/** The place that the address bar names, now and when it changes. */
export function usePlace(): Place {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return readPlace(hash);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
