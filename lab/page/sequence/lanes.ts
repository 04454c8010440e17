import type { LabOrigins } from "../../situation/origins.ts";
import type { RunReport } from "../../situation/run-report.ts";
import { lookOf, type OriginLook, pageLook } from "../origin/origin-look.ts";

/** Who takes part. */
export type LaneName = "browser" | "gateway" | "page" | "server";

/** A party of the sequence, from left to right. */
export interface Lane {
  readonly name: LaneName;
  readonly title: string;
  /** `null` for the browser, which has no origin. */
  readonly look: OriginLook | null;
}

/** The parties of a run. */
export function lanesOf({ situation }: RunReport, origins: LabOrigins): readonly Lane[] {
  const { page, request, gateway } = situation;
  const pageDraft =
    page.kind === "typed"
      ? ({ pageKind: "typed", pageName: "bookshop", typedOrigin: page.origin } as const)
      : ({ pageKind: page.kind, pageName: page.name, typedOrigin: "" } as const);
  return [
    { name: "page", title: "page", look: pageLook(pageDraft, origins) },
    { name: "browser", title: "browser", look: null },
    ...(gateway === null ? [] : [{ name: "gateway", title: "gateway", look: lookOf("gateway", origins) } as const]),
    { name: "server", title: "server", look: lookOf(request.target, origins) },
  ];
}
