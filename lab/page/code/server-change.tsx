import type { RunReport } from "../../situation/run-report.ts";
import { CodeBlock } from "./code-block.tsx";
import { CodeTabs } from "./code-tabs.tsx";

/** The change as code, or the policy as it is, for every server. */
export function ServerChange({ report }: { readonly report: RunReport }) {
  const title = report.verdict === "readable" ? "The policy as code" : "The change as code";
  return (
    <section className="result-section" aria-label={title}>
      <h2>{title}</h2>
      <CodeTabs
        label="Servers"
        tabs={report.code.map(({ server, title: name, language, code }) => ({
          id: server,
          title: name,
          content: <CodeBlock label={`Code for ${name}`} code={code} language={language === "nginx" ? "text" : "js"} />,
        }))}
      />
    </section>
  );
}
