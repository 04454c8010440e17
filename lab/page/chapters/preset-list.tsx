import type { Preset } from "../../situation/presets.ts";
import { writePlace } from "../state/place.ts";

interface PresetListProps {
  readonly presets: readonly Preset[];
  readonly current: Preset;
}

/** The prepared benches of a chapter. */
export function PresetList({ presets, current }: PresetListProps) {
  return (
    <nav className="presets" aria-label="Prepared benches">
      <ol>
        {presets.map(({ id, chapter, title }) => (
          <li key={id}>
            <a
              href={writePlace({ kind: "chapter", chapter, preset: id, changes: null })}
              aria-current={id === current.id ? "true" : undefined}
            >
              {title}
            </a>
          </li>
        ))}
      </ol>
      <p className="preset-text">{current.text}</p>
    </nav>
  );
}
