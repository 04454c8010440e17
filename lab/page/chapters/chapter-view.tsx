import { type Chapter, chapterTitles } from "../../situation/presets.ts";
import type { Lab } from "../state/use-lab.ts";
import { chapterTexts } from "./chapter-texts.ts";
import { PresetList } from "./preset-list.tsx";

/** The beginning of a chapter: its title, its sentences and its prepared benches. */
export function ChapterView({ lab, chapter }: { readonly lab: Lab; readonly chapter: Chapter }) {
  return (
    <>
      <header className="chapter-head">
        <p className="chapter-number">Chapter {chapter} of 8</p>
        <h1>{chapterTitles[chapter]}</h1>
        {chapterTexts[chapter].map((text) => (
          <p key={text}>{text}</p>
        ))}
      </header>
      <PresetList presets={lab.presets.filter((each) => each.chapter === chapter)} current={lab.state.preset} />
    </>
  );
}
