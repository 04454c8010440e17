import { nearestName } from "@corsac/protocol";
import type { ResolverOptions } from "../resolver/origin-resolver.ts";
import type { IssuePath, IssueReporter } from "./issue-reporter.ts";
import type { DangerousOptions, PolicyOptions } from "./policy-options.ts";

/** A record that names all of `T`, or does not compile. */
type Names<T> = { readonly [Name in keyof T]-?: true };

const policyNames: Names<PolicyOptions> = {
  $schema: true,
  origins: true,
  credentials: true,
  methods: true,
  requestHeaders: true,
  exposedHeaders: true,
  maxAge: true,
  preflightStatus: true,
  refusalStatus: true,
  timing: true,
  resourcePolicy: true,
  dangerously: true,
  resolver: true,
};

const dangerousNames: Names<DangerousOptions> = {
  anyOriginWithCredentials: true,
  insecureOriginsWithCredentials: true,
  publicSuffixWithCredentials: true,
  nullOrigin: true,
};

const resolverNames: Names<ResolverOptions> = { timeout: true, cacheSeconds: true, cacheSize: true };

/** The names of options, for the objects that have any. */
export const optionNames: Readonly<Record<"dangerously" | "policy" | "resolver", readonly string[]>> = {
  policy: Object.keys(policyNames),
  dangerously: Object.keys(dangerousNames),
  resolver: Object.keys(resolverNames),
};

/** What other programs call an option where spelling does not lead from one to the other, without `allow` before it. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ["exposeheaders", "exposedHeaders"],
  ["headers", "requestHeaders"],
  ["optionssuccessstatus", "preflightStatus"],
  ["responseheaders", "exposedHeaders"],
]);

/** Reports each option that does not exist, with the name that was meant. */
export function reportUnknownOptions(
  reporter: IssueReporter,
  options: object,
  kind: keyof typeof optionNames,
  path: IssuePath,
): void {
  const names = optionNames[kind];
  for (const [name, value] of Object.entries(options)) {
    if (names.includes(name)) continue;
    const plain = name
      .toLowerCase()
      .replace(/[^a-z]/g, "")
      .replace(/^(?:accesscontrol)?(?:allow(?:ed)?|supports)?/, "");
    const suggestion = (kind === "policy" ? otherNames.get(plain) : undefined) ?? nearestName(plain, names);
    reporter.report("option-unknown", [...path, name], value, "is no option", suggestion);
  }
}
