export { check } from "./check/check.ts";
export { type CheckOptions, CheckOptionsError } from "./check/check-options.ts";
export type {
  BrowserReport,
  Change,
  CheckReport,
  Evidence,
  Finding,
  Recipe,
  ReportedExchange,
  ReportedHeader,
  Verdict,
  WantedAnswer,
} from "./check/check-report.ts";
export { type FindingCode, type FindingInfo, findingInfo, type OwnFindingCode } from "./finding/finding-code.ts";
export type { ServerName } from "./server/server-name.ts";
export { type FormatOptions, formatReport } from "./text/format-report.ts";
