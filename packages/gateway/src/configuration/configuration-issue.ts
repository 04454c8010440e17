import type { PolicyIssueCode } from "@corsac/server";
import type { ProtectionIssueCode } from "@corsac/server/cross-origin-protection";

/** What may be wrong with the options of a gateway, but for its policies and protections. Stable; the guide explains each. */
export const gatewayIssueCodes = [
  "address-invalid",
  "content-without-place",
  "file-unreadable",
  "header-forbidden",
  "header-name-invalid",
  "header-value-invalid",
  "host-invalid",
  "json-invalid",
  "open-to-all",
  "option-missing",
  "option-out-of-range",
  "option-unknown",
  "option-wrong-type",
  "option-wrong-value",
  "options-not-an-object",
  "path-invalid",
  "route-duplicate",
  "upstream-and-mock",
  "upstream-invalid",
  "upstream-missing",
  "variable-missing",
] as const;

/** What may be wrong with the options of a gateway. Issues of policies and protections stand among them, at their paths. */
export type GatewayIssueCode = (typeof gatewayIssueCodes)[number] | PolicyIssueCode | ProtectionIssueCode;

/** Where an issue is, as keys from the outside in, such as `["routes", 0, "path"]`. */
export type IssuePath = readonly (string | number)[];

/** One thing that is wrong with the options of a gateway. */
export interface GatewayIssue {
  readonly code: GatewayIssueCode;
  readonly path: IssuePath;
  /** What is there; `undefined` for secrets. */
  readonly value: unknown;
  /** One sentence for a person, with what to write instead. */
  readonly message: string;
  /** What to write there instead (for an unknown option: its right name); null when nobody can tell. */
  readonly suggestion: boolean | number | string | readonly string[] | null;
}

/** Everything that is wrong with the options of a gateway, at once. */
export class GatewayConfigurationError extends Error {
  override readonly name = "GatewayConfigurationError";
  readonly issues: readonly GatewayIssue[];

  constructor(issues: readonly GatewayIssue[]) {
    const count = issues.length === 1 ? "an issue" : `${issues.length} issues`;
    super(`The gateway's configuration has ${count}:\n${issues.map((issue) => `- ${formatIssue(issue)}`).join("\n")}`);
    this.issues = issues;
  }
}

/** An issue as one line: where, what and its code. */
export function formatIssue({ code, path, message }: GatewayIssue): string {
  return `${formatPath(path)}: ${message} (${code})`;
}

/** `["routes", 0, "path"]` as `routes[0].path`. */
function formatPath(path: IssuePath): string {
  const formatted = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  return formatted === "" ? "configuration" : formatted.replace(/^\./, "");
}
