import { createRequire } from "node:module";

const { resolve } = createRequire(import.meta.url);

/**
 * Where a file of the lab is, for the sources and for what was compiled of them.
 *
 * @param path from the folder of the lab
 */
export function assetPath(path: string): string {
  return resolve(`#lab/${path}`);
}
