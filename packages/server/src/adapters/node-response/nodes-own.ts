import type { WriteHead } from "./flush.ts";

interface Runtime {
  readonly process?: {
    getBuiltinModule?(name: "node:http"): {
      readonly ServerResponse?: { readonly prototype?: { writeHead?: unknown } };
    };
  };
}

/** Asked for by name, since this also runs where there is no `node:http` to import. */
const { process } = globalThis as Runtime;
const nodesOwn = process?.getBuiltinModule?.("node:http")?.ServerResponse?.prototype?.writeHead;

/** Reports whether this is `writeHead` as Node has it, and nobody else's that comes before it. */
export function isNodesOwn(writeHead: WriteHead): boolean {
  return writeHead === nodesOwn;
}
