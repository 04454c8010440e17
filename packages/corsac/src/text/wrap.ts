/**
 * Breaks text into lines of at most `width` columns, at blanks. A word that is longer stands alone on its line: cutting
 * it would spoil URLs.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && [...longer].length > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

/** Wraps text behind a label: the first line begins with it, the others are indented as far. */
export function hang(label: string, text: string, width: number): string[] {
  const [first = "", ...rest] = wrap(text, width - label.length);
  return [label + first, ...rest.map((line) => " ".repeat(label.length) + line)];
}

/** Puts `right` at the end of a line of `width` columns, one blank behind `left` at least. */
export function spread(left: string, right: string, width: number): string {
  return left + " ".repeat(Math.max(1, width - [...left].length - [...right].length)) + right;
}
