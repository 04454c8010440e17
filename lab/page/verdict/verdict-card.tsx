import type { Effect } from "../../situation/run-report.ts";
import { runVerdict } from "../../situation/run-verdict.ts";
import type { Seen } from "../../situation/seen.ts";
import { VerdictSign } from "./verdict-sign.tsx";
import { seenLines, verdictWords } from "./verdict-words.ts";

interface VerdictCardProps {
  readonly title: string;
  /** One for each time; `null` when nothing was seen. */
  readonly seen: readonly Seen[] | null;
  /** What stands there in place of a verdict. */
  readonly missing: string;
  readonly effects: readonly Effect[];
  /** What a server answered where no script sees it, such as to a form. */
  readonly unseenAnswer?: string | null;
  /** Whether a page that means no good reads what a cookie opened. */
  readonly isTheft?: boolean;
}

/** What one browser made of it. */
export function VerdictCard({ title, seen, missing, effects, unseenAnswer = null, isTheft = false }: VerdictCardProps) {
  const last = seen?.at(-1);
  if (seen === null || last === undefined) {
    return (
      <article className="verdict verdict-missing" aria-label={title}>
        <h2>{title}</h2>
        <p>{missing}</p>
      </article>
    );
  }
  const verdict = runVerdict(last);
  const { sign, word, text } = verdictWords[verdict];
  return (
    <article className={`verdict verdict-${isTheft ? "theft" : verdict}`} aria-label={title}>
      <h2>{title}</h2>
      <p className="verdict-word">
        <VerdictSign sign={sign} />
        <strong>{word}</strong>
        {seen.length > 1 && <span className="verdict-times">{seen.length} times</span>}
      </p>
      <p className="verdict-text">{isTheft ? "The evil site reads what is the visitor’s alone." : text}</p>
      <dl className="seen">
        {seenLines(last).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd translate="no">{value}</dd>
          </div>
        ))}
      </dl>
      {unseenAnswer !== null && (
        <p className="unseen-answer">
          The server answered <span>{unseenAnswer}</span>
          {effects.length === 0 ? ": nothing has changed there." : "."}
        </p>
      )}
      {effects.length > 0 && (
        <ul className="effects" aria-label="What changed at the servers">
          {effects.map(({ server, what }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same may happen twice, and never changes places
            <li key={`${index} ${server}`}>{what}</li>
          ))}
        </ul>
      )}
    </article>
  );
}
