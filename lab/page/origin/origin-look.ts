import type { LabOrigins, OriginName } from "../../situation/origins.ts";
import type { Draft } from "../state/draft.ts";

/** What an origin is called everywhere in the page; its colour is that of the class `origin-<look>`. */
export interface OriginLook {
  readonly look:
    | "bench"
    | "books"
    | "bookshop"
    | "evil"
    | "gateway"
    | "lab"
    | "sandboxed"
    | "social"
    | "typed"
    | "weather";
  readonly name: string;
  /** Serialized. */
  readonly origin: string;
}

const names: Readonly<Record<OriginName, string>> = {
  lab: "lab",
  bookshop: "bookshop",
  bookshopByAddress: "bookshop by address",
  books: "books API",
  bench: "bench API",
  gateway: "gateway",
  social: "social network",
  evil: "evil site",
  weather: "weather abroad",
};

/** The look of one of the lab's origins. */
export function lookOf(name: OriginName, origins: LabOrigins): OriginLook {
  const look = name === "bookshopByAddress" ? "bookshop" : name;
  return { look, name: names[name], origin: origins[name] };
}

/** The look of the page that asks. */
export function pageLook(draft: Pick<Draft, "pageKind" | "pageName" | "typedOrigin">, origins: LabOrigins): OriginLook {
  if (draft.pageKind === "typed") return { look: "typed", name: "elsewhere", origin: draft.typedOrigin };
  if (draft.pageKind === "origin") return lookOf(draft.pageName, origins);
  return { look: "sandboxed", name: `sandboxed ${names[draft.pageName]}`, origin: "null" };
}
