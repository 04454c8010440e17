import { defaultSituation, type Situation } from "../../../situation/situation.ts";
import { encodeSituation } from "../../../situation/situation-link.ts";
import type { Asked } from "./books-client.ts";

/** A link to the bench of the lab, with this very request prepared on it. */
export function labLink(lab: string, { method, path, headers, body }: Asked): string {
  const situation: Situation = {
    ...defaultSituation,
    page: { kind: "origin", name: location.hostname === "localhost" ? "bookshop" : "bookshopByAddress" },
    request: { ...defaultSituation.request, target: "books", method, path, headers, body, credentials: "include" },
    server: { kind: "itself" },
  };
  return `${lab}/#bench/${encodeSituation(situation)}`;
}
