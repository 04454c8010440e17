import type { World } from "../../situation/lab-api.ts";

interface WallProps {
  readonly world: World;
  readonly origin: string;
  /** Whether the newest post is of this run. */
  readonly hasNew: boolean;
  readonly onReset: () => void;
}

/** The posts of the social network: what the forged request was for. */
export function Wall({ world, origin, hasNew, onReset }: WallProps) {
  return (
    <section className="result-section wall" aria-label="The wall of the social network">
      <h2>The wall of the social network</h2>
      <p className="hint">
        Its own data, after the run in your browser.{" "}
        <a href={origin} target="_blank" rel="noreferrer">
          Visit it<span className="visually-hidden"> (in a new tab)</span>
        </a>
        .
      </p>
      <ol className="posts">
        {world.posts.slice(0, 5).map(({ author, text, at }, index) => (
          <li key={`${at} ${text}`}>
            <strong>{author}</strong> <span>{text}</span>
            {hasNew && index === 0 && <span className="tag">new</span>}
          </li>
        ))}
      </ol>
      <button type="button" className="quiet-button" onClick={onReset}>
        Put it back as it was
      </button>
    </section>
  );
}
