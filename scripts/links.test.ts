import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

function documents(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(?:node_modules|dist|\.(?!changeset).*)$/.test(entry.name) ? [] : documents(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

/** The text of a document without what is shown as code. */
function prose(document: string): string {
  return readFileSync(join(root, document), "utf8")
    .replaceAll(/^( *)(`{3,}).*?^\1\2$/gms, "")
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ""));
}

/** Where a link can lead within a document, by GitHub's rule: words in lower case, hyphens for spaces, marks left out. */
function anchorsOf(document: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of prose(document).matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = text.replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "").replaceAll(" ", "-");
    let unique = slug;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${slug}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

/** What is wrong with the link, or nothing. Links to other sites are not followed. */
function problemWith(link: string, document: string): string | undefined {
  if (/^[a-z]+:/i.test(link)) return undefined;
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? document : relative(root, join(root, dirname(document), decodeURI(path)));
  if (!existsSync(join(root, target))) return `${link}: there is no ${target}`;
  if (anchor === undefined || !target.endsWith(".md") || anchorsOf(target).has(anchor)) return undefined;
  return `${link}: ${target} has no such heading`;
}

const linked = documents(".").map((document) => ({
  document,
  links: [...prose(document).matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)|^\[[^\]]+\]: +(\S+)$/gm)].map(
    ([, inline, reference]) => inline ?? reference ?? "",
  ),
}));

describe("links in documents lead somewhere", () => {
  test("there are some", () => expect(linked.flatMap(({ links }) => links).length).toBeGreaterThan(100));

  test.each(linked.filter(({ links }) => links.length > 0))("$document", ({ document, links }) => {
    expect(links.flatMap((link) => problemWith(link, document) ?? [])).toEqual([]);
  });
});

test.each(["docs/guides"])("%s/README.md lists every page beside it", (folder) => {
  const { links = [] } = linked.find(({ document }) => document === join(folder, "README.md")) ?? {};
  const pages = readdirSync(join(root, folder)).filter((name) => name.endsWith(".md") && name !== "README.md");
  expect(pages.filter((page) => !links.includes(page))).toEqual([]);
});
