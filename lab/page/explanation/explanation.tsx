import type { Finding, WantedAnswer } from "corsac";

interface ExplanationProps {
  readonly findings: readonly Finding[];
  readonly wanted: readonly WantedAnswer[];
  readonly isBlocked: boolean;
}

/** What is wrong, why, and what to change: by corsac. */
export function Explanation({ findings, wanted, isBlocked }: ExplanationProps) {
  const title = isBlocked ? "Why, and what to change" : "What to look out for";
  return (
    <section className="result-section explanation" aria-label={title}>
      <h2>{title}</h2>
      <ol className="findings">
        {findings.map((finding) => (
          <FindingItem key={`${finding.code} ${finding.stage} ${finding.exchange}`} finding={finding} />
        ))}
      </ol>
      {wanted.length > 0 && <WantedAnswers wanted={wanted} />}
    </section>
  );
}

function FindingItem({ finding }: { readonly finding: Finding }) {
  const { title, cause, changes, severity, followsFrom, ahead, code, spec } = finding;
  return (
    <li className={`finding finding-${severity}`}>
      <h3>{sentence(title)}</h3>
      <p>{cause}</p>
      {followsFrom !== null && <p className="hint">It goes away with the one above.</p>}
      {ahead && <p className="hint">No browser has come this far yet: it is what comes next.</p>}
      {changes.length > 0 && (
        <ul className="changes">
          {changes.map(({ on, text }) => (
            <li key={text}>
              <strong>{on === "page" ? "In the page" : "At the server"}</strong> {text}
            </li>
          ))}
        </ul>
      )}
      <p className="finding-code">
        <code translate="no">{code}</code>
        {spec !== null && (
          <>
            {" · "}
            <a href={spec} rel="noreferrer" target="_blank">
              the standard<span className="visually-hidden"> about {code} (in a new tab)</span>
            </a>
          </>
        )}
      </p>
    </li>
  );
}

function WantedAnswers({ wanted }: { readonly wanted: readonly WantedAnswer[] }) {
  return (
    <div className="wanted">
      <h3>Answers that a browser accepts</h3>
      {wanted.map(({ to, status, headers }) => (
        <pre key={to}>
          <code translate="no">
            {[`${to} → ${status}`, ...headers.map(({ name, value }) => `${name}: ${value}`)].join("\n")}
          </code>
        </pre>
      ))}
    </div>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
