// @ts-check
// Finds real browsers for tests: `node scripts/browsers.mjs chromium`, `firefox` or `webkit`. Prints one line of JSON,
// `{"program": …}`. What is missing is installed from Debian's packages where that is possible; otherwise
// `{"missing": …}` says why not.
import { existsSync } from "node:fs";
import { findProgram, installPackages } from "./debian-package.mjs";

/**
 * The variable that names another program, the names in PATH, what else has to be there, and the packages.
 *
 * @type {Map<string, { variable: string, programs: string[], needs?: string[], debian: string[] }>}
 */
const browsers = new Map([
  ["chromium", { variable: "CHROMIUM", programs: ["chromium", "google-chrome"], debian: ["chromium"] }],
  ["firefox", { variable: "FIREFOX", programs: ["firefox-esr", "firefox"], debian: ["firefox-esr"] }],
  [
    "webkit",
    {
      variable: "WEBKIT_DRIVER",
      programs: ["WebKitWebDriver"],
      needs: ["Xvfb"],
      debian: ["webkit2gtk-driver", "libwebkit2gtk-4.1-0", "xvfb"],
    },
  ],
]);

const browser = browsers.get(process.argv[2] ?? "");
if (browser === undefined) {
  process.stderr.write(`Say which: ${[...browsers.keys()].join(", ")}.\n`);
  process.exit(2);
}
const { variable, programs, needs = [], debian } = browser;
const named = process.env[variable];

/** @returns {string | undefined} */
function find() {
  if (named !== undefined && named !== "") return existsSync(named) ? named : undefined;
  if (needs.some((name) => findProgram(name) === undefined)) return undefined;
  return programs.map((name) => findProgram(name)).find((path) => path !== undefined);
}

/** @returns {{ program: string } | { missing: string }} */
function provide() {
  const before = find();
  if (before !== undefined) return { program: before };
  if (named !== undefined && named !== "") return { missing: `${variable} names ${named}, which does not exist.` };
  const problem = installPackages(...debian);
  const after = find();
  return after === undefined
    ? { missing: problem ?? `${debian.join(", ")}: there is no ${programs[0]}.` }
    : { program: after };
}

process.stdout.write(`${JSON.stringify(provide())}\n`);
