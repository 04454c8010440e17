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
export { type Diagnosis, diagnose, type MadeFetch } from "./check/diagnose.ts";
export { type FindingCode, type FindingInfo, findingInfo, type OwnFindingCode } from "./finding/finding-code.ts";
export {
  type MethodsFindingCode,
  type MethodsFindingInfo,
  type MethodsSeverity,
  methodsFindingInfo,
} from "./methods/methods-finding-code.ts";
export { type Progress, type VerifyMethodsOptions, VerifyMethodsOptionsError } from "./methods/methods-options.ts";
export type {
  MethodsExchange,
  MethodsFinding,
  MethodsReport,
  MethodsVerdict,
  StopReason,
  Unverified,
  VerifiedResource,
} from "./methods/methods-report.ts";
export { verifyMethods } from "./methods/verify-methods.ts";
export { type Grant, recipeFor } from "./server/recipes.ts";
export type { ServerName } from "./server/server-name.ts";
export { formatMethodsReport } from "./text/format-methods-report.ts";
export { type FormatOptions, formatReport } from "./text/format-report.ts";
