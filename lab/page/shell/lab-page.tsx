import { useEffect, useRef } from "react";
import type { LabInfo } from "../../situation/lab-api.ts";
import { chapterTitles } from "../../situation/presets.ts";
import { Bench } from "../bench/bench.tsx";
import { ChapterFoot } from "../chapters/chapter-foot.tsx";
import { ChapterView } from "../chapters/chapter-view.tsx";
import { Results } from "../results/results.tsx";
import type { Place } from "../state/place.ts";
import { useLab } from "../state/use-lab.ts";
import { TryMyApi } from "../try-my-api/try-my-api.tsx";
import { Fox } from "./fox.tsx";
import { SchemeToggle } from "./scheme-toggle.tsx";
import { StoryNav } from "./story-nav.tsx";

/** The page of the lab. */
export function LabPage({ info }: { readonly info: LabInfo }) {
  const lab = useLab(info);
  const { place, preset, linkProblem } = lab.state;
  const main = useRef<HTMLElement>(null);
  const title = titleOf(place);
  useTitle(title, main);
  return (
    <>
      <button type="button" className="skip-link" onClick={() => main.current?.focus()}>
        To the content
      </button>
      <header className="top">
        <a className="brand" href="#1">
          <Fox /> <span>corsac lab</span>
        </a>
        <SchemeToggle />
      </header>
      <StoryNav place={place} />
      <main ref={main} tabIndex={-1}>
        {linkProblem !== null && (
          <p className="link-problem" role="alert">
            {linkProblem}
          </p>
        )}
        {place.kind === "chapter" && <ChapterView lab={lab} chapter={place.chapter} />}
        {place.kind === "bench" && <FreeBenchHead />}
        {place.kind === "try" ? (
          <TryMyApi lab={lab} />
        ) : (
          <>
            <Bench key={preset.id} lab={lab} />
            <Results lab={lab} />
          </>
        )}
        {place.kind === "chapter" && <ChapterFoot chapter={place.chapter} />}
      </main>
      <footer className="bottom">
        <p>corsac {info.version}. Every origin here is a real server on this machine. No request leaves it.</p>
      </footer>
    </>
  );
}

function FreeBenchHead() {
  return (
    <header className="chapter-head">
      <h1>Free bench</h1>
      <p>
        Compose who asks, what is asked and what the server allows. The address of this page always holds all of it.
      </p>
    </header>
  );
}

function titleOf(place: Place): string {
  if (place.kind === "chapter") return `${place.chapter} · ${chapterTitles[place.chapter]}`;
  return place.kind === "bench" ? "Free bench" : "Try my API";
}

/** Names the window, and begins at the top when another chapter is opened. */
function useTitle(title: string, main: { readonly current: HTMLElement | null }): void {
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${title} · corsac lab`;
    if (!isFirst.current) {
      main.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [title, main]);
}
