import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The same for the sources and for what was compiled of them. */
const lab = dirname(createRequire(import.meta.url).resolve("#lab/package.json"));

/**
 * Where a file or folder of the lab is; it need not be there.
 *
 * @param path from the folder of the lab
 */
export function assetPath(path: string): string {
  return join(lab, path);
}
