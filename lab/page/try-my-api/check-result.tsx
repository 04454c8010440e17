import type { CheckReport, Recipe } from "corsac";
import type { CheckAnswer } from "../../situation/lab-api.ts";
import type { Agreement } from "../../situation/run-report.ts";
import { runVerdict } from "../../situation/run-verdict.ts";
import type { Seen } from "../../situation/seen.ts";
import { CodeBlock } from "../code/code-block.tsx";
import { ConsoleTexts } from "../console/console-texts.tsx";
import { Explanation } from "../explanation/explanation.tsx";
import { Columns } from "../results/columns.tsx";
import { browserName } from "../runner/browser-name.ts";
import { HeaderTable } from "../sequence/header-table.tsx";
import { AgreementNote } from "../verdict/agreement-note.tsx";
import { VerdictCard } from "../verdict/verdict-card.tsx";
import { VerdictSign } from "../verdict/verdict-sign.tsx";

const verdicts: Readonly<Record<CheckReport["verdict"], readonly [word: string, sign: "cross" | "half" | "tick"]>> = {
  allowed: ["Allowed", "tick"],
  blocked: ["Blocked", "cross"],
  unknown: ["Not known", "half"],
  unreachable: ["Out of reach", "cross"],
};

interface CheckResultProps {
  readonly answer: CheckAnswer;
  readonly seen: readonly Seen[] | null;
}

/** The report of the doctor beside what the visitor's browser got. */
export function CheckResult({ answer, seen }: CheckResultProps) {
  const { report, runner } = answer;
  const [word, sign] = verdicts[report.verdict];
  const missing = runner.kind === "none" ? runner.reason : "The page did not answer.";
  return (
    <div className="results">
      <div className="verdicts" role="status">
        <VerdictCard
          title={`Your browser (${browserName(navigator.userAgent)})`}
          seen={seen}
          missing={missing}
          effects={[]}
        />
        <AgreementNote kind={comparison(report.verdict, seen)} />
        <article className={`verdict verdict-${report.verdict}`} aria-label="corsac">
          <h2>corsac (as {report.profile})</h2>
          <p className="verdict-word">
            <VerdictSign sign={sign} />
            <strong>{word}</strong>
          </p>
          <p className="verdict-text">
            {report.readable ? "The script reads the answer." : "The script cannot read it."}
          </p>
        </article>
      </div>
      <Asked report={report} />
      <Columns
        sections={[
          report.findings.length > 0 && (
            <Explanation findings={report.findings} wanted={report.wanted} isBlocked={report.verdict === "blocked"} />
          ),
          <ConsoleTexts key="console" browsers={report.browsers} own={report.profile} />,
          report.recipe !== null && <RecipeCode recipe={report.recipe} />,
        ]}
      />
    </div>
  );
}

function comparison(verdict: CheckReport["verdict"], seen: readonly Seen[] | null): Agreement["kind"] {
  const last = seen?.at(-1);
  const isKnown = verdict === "allowed" || verdict === "blocked";
  if (last === undefined || !isKnown) return "not-run";
  return (runVerdict(last) !== "blocked") === (verdict === "allowed") ? "agree" : "differ";
}

function RecipeCode({ recipe: { title, lines } }: { readonly recipe: Recipe }) {
  return (
    <section className="result-section" aria-label="The change as code">
      <h2>The change as code</h2>
      <CodeBlock label={`Code for ${title}`} code={lines.join("\n")} language="text" />
    </section>
  );
}

// Probes differ by who asks, mostly.
function originWords(headers: CheckReport["exchanges"][number]["request"]["headers"]): string {
  const origin = headers.find(({ name }) => name.toLowerCase() === "origin")?.value;
  return origin === undefined ? "without Origin" : `as ${origin}`;
}

function Asked({ report }: { readonly report: CheckReport }) {
  return (
    <section className="result-section" aria-label="What corsac asked">
      <h2>What corsac asked</h2>
      <p className="hint">A browser does not send the probes; corsac does, to look further.</p>
      <ol className="asked">
        {report.exchanges.map(({ step, probe, request, response }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: exchanges are numbered
          <li key={index}>
            <p>
              <span className="tag">{probe ? "probe" : step}</span>{" "}
              <code translate="no">
                {request.method} {request.url}
              </code>{" "}
              {probe && <>{originWords(request.headers)} </>}→{" "}
              <strong>
                {response.kind === "response" ? `${response.status} ${response.statusText}` : response.message}
              </strong>
            </p>
            {response.kind === "response" && (
              <HeaderTable
                caption={`the answer to ${request.method}`}
                headers={response.headers.map(({ name, value }) => [name, value] as const)}
                side="response"
              />
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
