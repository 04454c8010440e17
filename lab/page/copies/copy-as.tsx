import type { RunReport } from "../../situation/run-report.ts";
import { CodeBlock } from "../code/code-block.tsx";
import { CodeTabs } from "../code/code-tabs.tsx";
import { CopyButton } from "./copy-button.tsx";

/** The request in other forms, and the link that brings all of it back. */
export function CopyAs({ report }: { readonly report: RunReport }) {
  const { copies, situation } = report;
  const isScript = situation.request.via === "fetch";
  const forms = [
    { id: "fetch", title: isScript ? "fetch" : "HTML", code: copies.fetch, language: isScript ? "js" : "text" },
    { id: "curl", title: "curl", code: copies.curl, language: "text" },
    { id: "check", title: "corsac check", code: copies.check, language: "text" },
    { id: "test", title: "Vitest", code: copies.test, language: "js" },
  ] as const;
  return (
    <section className="result-section" aria-label="Take it along">
      <h2>Take it along</h2>
      <CodeTabs
        label="Forms of the request"
        tabs={forms.flatMap(({ id, title, code, language }) =>
          code === null
            ? []
            : [
                {
                  id,
                  title,
                  content: <CodeBlock label={`The request for ${title}`} code={code} language={language} />,
                },
              ],
        )}
      />
      <p className="copy-link">
        <CopyButton label="Copy link" text={() => window.location.href} />
        <span className="hint">The whole bench is in the address of this page.</span>
      </p>
    </section>
  );
}
