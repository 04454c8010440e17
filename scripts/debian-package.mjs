// @ts-check
// Finds programs that tests need, and installs what is missing from Debian's packages where that is possible.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Milliseconds that apt-get may take. */
const patience = 180_000;

/**
 * Looks for a program in PATH.
 *
 * @param {string} program
 * @returns {string | undefined} its path
 */
export function findProgram(program) {
  const found = (process.env.PATH ?? "").split(":").map((folder) => join(folder, program));
  return found.find((path) => existsSync(path));
}

/**
 * What apt-get is called by: nothing more for root, `sudo` where that asks for no password.
 *
 * @returns {string[] | undefined}
 */
function aptGet() {
  const program = findProgram("apt-get");
  if (program === undefined) return undefined;
  if (process.getuid?.() === 0) return [program];
  const sudo = findProgram("sudo");
  const mayInstall = sudo !== undefined && spawnSync(sudo, ["-n", "true"], { stdio: "ignore" }).status === 0;
  return mayInstall ? [sudo, "-n", program] : undefined;
}

/**
 * Installs packages. Several processes may wait for each other. Says so to the person who waits.
 *
 * @param {readonly string[]} names
 * @returns {string | null} why not
 */
export function installPackages(...names) {
  const name = names.join(", ");
  const command = aptGet();
  if (command === undefined) {
    return `${name} is not installed; as root on Debian, or with sudo that asks for no password, it would be.`;
  }
  process.stderr.write(`Installing ${name} from Debian's packages, for the tests …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...names]]) {
    const [program = "", ...all] = [...command, "-o", "DPkg::Lock::Timeout=120", ...args];
    const { status } = spawnSync(program, all, { stdio: "ignore", env, timeout: patience });
    if (status !== 0 && args[0] === "install") return `${name} is not installed, and apt-get could not install it.`;
  }
  return null;
}
