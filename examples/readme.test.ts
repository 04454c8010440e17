import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createBooksApi } from "./books/books-api.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const command = fileURLToPath(new URL("../packages/corsac/src/cli/run.ts", import.meta.url));

const block = /<!-- run -->\n```text\n\$ npx corsac (?<words>.*)\n(?<output>[^`]*)```/;

test("the README shows what the command prints", async () => {
  const { words = "", output = "" } = block.exec(readFileSync(`${root}/README.md`, "utf8"))?.groups ?? {};
  const api = await createBooksApi();
  const { port } = new URL(await api.listen());
  const printed = await corsac(words.replace("4000", port).split(" "));
  await api.close();
  // The README leaves out the end, and says so.
  const shown = unwrapped(output).replace(/ …$/, "");
  expect(unwrapped(printed.replaceAll(port, "4000")).slice(0, shown.length)).toBe(shown);
});

/** Lines wrap elsewhere with a port of another length. */
function unwrapped(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function corsac(words: readonly string[]): Promise<string> {
  // With --eval there is no file name before the words.
  const program = `process.argv.splice(1, 0, "corsac"); (await import(${JSON.stringify(command)})).run();`;
  const args = [
    "--conditions=corsac-source",
    "--import",
    "tsx",
    "--input-type=module",
    "--eval",
    program,
    "--",
    ...words,
  ];
  return new Promise((resolve) => execFile(process.execPath, args, { cwd: root }, (_, stdout) => resolve(stdout)));
}
