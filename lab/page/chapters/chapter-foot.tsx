import { type Chapter, chapterTitles } from "../../situation/presets.ts";

/** The way to the neighbours of a chapter. */
export function ChapterFoot({ chapter }: { readonly chapter: Chapter }) {
  const before = chapter > 1 ? ((chapter - 1) as Chapter) : null;
  const after = chapter < 8 ? ((chapter + 1) as Chapter) : null;
  return (
    <nav className="chapter-foot" aria-label="Neighbouring chapters">
      {before === null ? <span /> : <a href={`#${before}`}>← {chapterTitles[before]}</a>}
      {after === null ? <a href="#bench">The free bench →</a> : <a href={`#${after}`}>{chapterTitles[after]} →</a>}
    </nav>
  );
}
