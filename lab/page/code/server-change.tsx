import type { RunReport } from "../../situation/run-report.ts";
import { CodeBlock } from "./code-block.tsx";
import { CodeTabs } from "./code-tabs.tsx";

/** The change as code, or the policy as it is, for every server. */
export function ServerChange({ report }: { readonly report: RunReport }) {
  const title = titleOf(report);
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

function titleOf({ verdict, situation: { server, gateway } }: RunReport): string {
  if (verdict !== "readable") return "The change as code";
  // Servers that are as they are have no policy to show, and one that could be safer.
  return server.kind === "itself" && gateway === null ? "Protection as code" : "The policy as code";
}
