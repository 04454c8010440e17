import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BundledPrograms, bundlePrograms } from "../packages/server/test/bundle-programs.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A fenced block of a document: what it quotes and, in the block after it, what running that prints. */
interface Example {
  readonly document: string;
  readonly code: string;
  /** The file that it quotes, from the comment above it; undefined when there is none. */
  readonly file: string | undefined;
  readonly output: string | undefined;
}

const programs =
  /(?:<!-- (?<file>examples\/\S+) -->\n)?```(?:js|ts|javascript|typescript)\n(?<code>.*?)```(?:\n\n```text\n(?<output>.*?)```)?/gs;

function documents(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(?:node_modules|dist|\..*)$/.test(entry.name) ? [] : documents(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

// Pages about problems show parts of programs; fixes.test.ts runs those.
const examples: Example[] = documents(".")
  .filter((document) => !/^docs\/(?:problems|findings)\//.test(document))
  .flatMap((document) =>
    [...readFileSync(join(root, document), "utf8").matchAll(programs)].map(({ groups }) => ({
      document,
      code: groups?.code ?? "",
      file: groups?.file,
      output: groups?.output,
    })),
  );

const run = promisify(execFile);
const isTest = (file: string) => file.endsWith(".test.ts");

describe("programs in documents", () => {
  let programs: BundledPrograms;
  beforeAll(async () => {
    const files = examples.flatMap(({ file }) => (file === undefined || isTest(file) ? [] : [join(root, file)]));
    programs = await bundlePrograms([...new Set(files)]);
  });
  afterAll(() => programs.remove());

  test("there are some", () => expect(examples.length).toBeGreaterThan(2));

  test.each(examples)("$document quotes $file, which prints what the document says", async ({ code, file, output }) => {
    expect(file, `say which file under examples/ this quotes:\n${code}`).toBeDefined();
    const path = join(root, file as string);
    expect(code).toBe(readFileSync(path, "utf8"));
    if (isTest(path)) return; // Vitest runs it like any other.
    const { stdout } = await run(process.execPath, [programs.fileOf(path)], { cwd: root });
    if (output !== undefined) expect(stdout).toBe(output);
  });
});
