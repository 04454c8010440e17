export {
  type AsyncCrossOriginProtection,
  type CrossOriginProtection,
  createCrossOriginProtection,
  type ParsedCrossOriginProtection,
  parseCrossOriginProtection,
  toCrossOriginProtection,
} from "./cross-origin-protection.ts";
export type { ProtectedRequest } from "./protected-request.ts";
export type { ProtectionCounters } from "./protection-counters.ts";
export { CrossOriginProtectionError, type ProtectionIssue, type ProtectionIssueCode } from "./protection-error.ts";
export type { CrossOriginProtectionOptions } from "./protection-options.ts";
export { serializeRefusal } from "./serialize-refusal.ts";
export type {
  AllowedVerdict,
  ProtectionRow,
  ProtectionVerdict,
  RefusalCode,
  RefusedVerdict,
  SuggestedChange,
} from "./verdict.ts";
