import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface LockedPackage {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const text = readFileSync(new URL("../package-lock.json", import.meta.url), "utf8");
const { packages } = JSON.parse(text) as { packages: Record<string, LockedPackage> };

test("names no registry, so that each machine uses its own", () => {
  const resolved = Object.values(packages).flatMap((found) => found.resolved ?? []);
  expect(resolved.filter((address) => address.includes("://"))).toEqual([]);
});

// npm leaves out of the lock what it could not download, such as the programs for another platform, and
// then refuses the lock in `npm ci`. See CONTRIBUTING.md.
test("has every optional package, those for other platforms too", () => {
  const missing = Object.entries(packages).flatMap(([path, found]) =>
    Object.keys(found.optionalDependencies ?? {})
      .filter((name) => !(`${path}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages))
      .map((name) => `${path} needs ${name}`),
  );
  expect(missing).toEqual([]);
});
