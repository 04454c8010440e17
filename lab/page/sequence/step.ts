import type { HeaderLine } from "../../situation/situation.ts";
import type { LaneName } from "./lanes.ts";

/** One arrow of the sequence. */
export interface Step {
  readonly from: LaneName;
  readonly to: LaneName;
  /** Such as `OPTIONS /books/Dune` or `204 No Content`. */
  readonly title: string;
  /** What it is, such as `preflight`. */
  readonly tag: string | null;
  readonly tone: "bad" | "good" | "plain" | "warn";
  readonly notes: readonly string[];
  /** `null` where nothing is on the wire. */
  readonly headers: readonly HeaderLine[] | null;
  readonly side: "request" | "response";
  /** What a finding says about headers of this very message. */
  readonly faults: readonly Fault[];
}

/** A header at fault. */
export interface Fault {
  /** Whether the page is kept from something now. */
  readonly isError: boolean;
  /** `null`: the status. */
  readonly header: string | null;
  /** `null`: it is missing. */
  readonly value: string | null;
  readonly mark: string | null;
}
