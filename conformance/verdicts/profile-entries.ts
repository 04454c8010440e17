import { readFileSync } from "node:fs";
import { type ProfileName, profiles } from "@corsac/protocol";

/** An entry of a profile that is not the standard's. */
export interface ProfileEntry {
  readonly profile: ProfileName;
  readonly section: string;
  readonly rule: string;
  readonly value: unknown;
  /** The comment behind it: scenarios that show it, or how it is known if none does. */
  readonly shownBy: string;
}

const folder = new URL("../../packages/protocol/src/profile/", import.meta.url);

function source(name: string): string[] {
  return readFileSync(new URL(`${name}.ts`, folder), "utf8").split("\n");
}

/** The sections of a profile, such as `redirect`, each with its rules. */
export type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A profile without its name. */
export function sectionsOf(profile: ProfileName): Sections {
  const { name: _, ...sections } = profiles[profile];
  return sections as unknown as Sections;
}

/** The comment behind each entry of a profile's file, by `section.rule`. */
function citations(profile: ProfileName): Map<string, string> {
  const found = new Map<string, string>();
  let section = "";
  let rule = "";
  for (const line of source(profile)) {
    section = /^ {2}(\w+): \{$/.exec(line)?.[1] ?? section;
    rule = /^ {4}(\w+):/.exec(line)?.[1] ?? rule;
    const comment = /^ {4}\S.*\/\/ (.*)$/.exec(line)?.[1];
    if (comment !== undefined) found.set(`${section}.${rule}`, comment);
  }
  return found;
}

/** Every entry of the browsers' profiles that is not the standard's. */
export function profileEntries(): ProfileEntry[] {
  const standard = sectionsOf("standard");
  return (["chromium", "firefox", "webkit"] as const).flatMap((profile) => {
    const shown = citations(profile);
    return Object.entries(sectionsOf(profile)).flatMap(([section, rules]) =>
      Object.entries(rules)
        .filter(([rule, value]) => JSON.stringify(value) !== JSON.stringify(standard[section]?.[rule]))
        .map(([rule, value]) => ({ profile, section, rule, value, shownBy: shown.get(`${section}.${rule}`) ?? "" })),
    );
  });
}

/** What each rule means, by `section.rule`: the comment above it. */
export function ruleMeanings(): Map<string, string> {
  const sections = new Map(
    [
      ...source("profile")
        .join("\n")
        .matchAll(/^ {2}readonly (\w+): (\w+Rules);$/gm),
    ].map(([, name, type]) => [type, name]),
  );
  const found = new Map<string, string>();
  let section = "";
  let comment = "";
  for (const line of source("profile")) {
    section = sections.get(/^export interface (\w+)/.exec(line)?.[1] ?? "") ?? section;
    if (/^ {2}\/\*\*/.test(line)) comment = "";
    if (/^ {2}( ?\*|\/\*\*)/.test(line)) comment += ` ${line.replaceAll(/^\s*(\/\*\*|\*\/|\*)|\*\/$/g, "").trim()}`;
    const rule = /^ {2}readonly (\w+):/.exec(line)?.[1];
    if (rule !== undefined) found.set(`${section}.${rule}`, comment.trim());
  }
  return found;
}
