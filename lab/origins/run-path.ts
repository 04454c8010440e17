import type { LabOrigins } from "../situation/origins.ts";

/** The path of a request that belongs to a side of a run. */
export interface RunPath {
  readonly token: string;
  /** What it is without the run's prefix. */
  readonly path: string;
}

const pattern = /^\/r\/([a-z\d]{16})(\/.*)$/;

/** Takes the prefix of a run off a request target; `null` when it has none. */
export function parseRunPath(target: string): RunPath | null {
  const [, token, path] = pattern.exec(target) ?? [];
  return token === undefined || path === undefined ? null : { token, path };
}

/** Puts the prefix of a run before a path. */
export function runPath(token: string, path: string): string {
  return `/r/${token}${path}`;
}

/** Takes the prefixes of runs out of a text: whoever reads it meets the situation's own URLs. */
export function withoutRunPaths(text: string): string {
  return text.replaceAll(/\/r\/[a-z\d]{16}(?=\/)/g, "");
}

/**
 * Keeps a redirect within its run: where `Location` leads to one of the lab's origins, the run's prefix is put in.
 *
 * @param base the URL that was asked, without prefix
 */
export function locationWithinRun(location: string, base: URL, token: string, origins: LabOrigins): string {
  if (/^\/(?![/\\])/.test(location)) return runPath(token, location);
  if (!/^https?:\/\//i.test(location) || !URL.canParse(location)) return location;
  const { origin } = new URL(location, base);
  if (!Object.values(origins).includes(origin) || origin === origins.lab) return location;
  const [, start = "", path = ""] = /^(https?:\/\/[^/?#]*)(.*)$/i.exec(location) ?? [];
  return start + runPath(token, path.startsWith("/") ? path : `/${path}`);
}
