import { explain } from "../explain/explain.ts";
import { findingInfo } from "../finding/finding-code.ts";
import type { FindingDraft, Scene } from "../finding/finding-draft.ts";
import type { Finding } from "./check-report.ts";
import { maskHeader, maskProblem, maskUserInfo } from "./mask.ts";

/** Puts a finding into words for a report, secrets masked. */
export function reportFinding(each: FindingDraft, scene: Scene): Finding {
  const { code, severity, stage, exchange, followsFrom, ahead } = each;
  const { title, spec, docs } = findingInfo[code];
  const { cause, changes } = explain(each, scene);
  const evidence = each.evidence.map(({ value, ...rest }) => ({
    ...rest,
    value: value === null || rest.header === null ? value : maskHeader(rest.header, value),
  }));
  const words = {
    cause: maskUserInfo(cause.trim()),
    changes: changes.map(({ on, text }) => ({ on, text: maskUserInfo(text.trim()) })),
  };
  const problem = each.problem === null ? null : maskProblem(each.problem);
  return { code, severity, stage, exchange, followsFrom, ahead, title, problem, evidence, spec, docs, ...words };
}
