import { type Chapter, chapterTitles } from "../../situation/presets.ts";
import type { Place } from "../state/place.ts";

const chapters = Object.keys(chapterTitles).map(Number) as Chapter[];

/** The chapters, the free bench, and the visitor's own API. */
export function StoryNav({ place }: { readonly place: Place }) {
  const here = (isHere: boolean) => (isHere ? "page" : undefined);
  return (
    <nav className="story-nav" aria-label="The lab">
      <ol>
        {chapters.map((chapter) => (
          <li key={chapter}>
            <a
              href={`#${chapter}`}
              aria-current={here(place.kind === "chapter" && place.chapter === chapter)}
              title={chapterTitles[chapter]}
            >
              <span className="chapter-digit">{chapter}</span>{" "}
              <span className="chapter-title">{chapterTitles[chapter]}</span>
            </a>
          </li>
        ))}
      </ol>
      <ul>
        <li>
          <a href="#bench" aria-current={here(place.kind === "bench")}>
            Free bench
          </a>
        </li>
        <li>
          <a href="#try" aria-current={here(place.kind === "try")}>
            Try my API
          </a>
        </li>
      </ul>
    </nav>
  );
}
