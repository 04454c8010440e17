import { type FormEvent, useState } from "react";
import type { CheckAnswer } from "../../situation/lab-api.ts";
import { type PageName, pageNames } from "../../situation/origins.ts";
import type { Seen } from "../../situation/seen.ts";
import type { SituationIssue } from "../../situation/situation-issue.ts";
import { LabRefusal } from "../api/lab-client.ts";
import { CheckField } from "../fields/check-field.tsx";
import { issuesAt } from "../fields/issues-at.ts";
import { SelectField } from "../fields/select-field.tsx";
import { TextField } from "../fields/text-field.tsx";
import { lookOf } from "../origin/origin-look.ts";
import { runInBrowser } from "../runner/run-in-browser.ts";
import { readLines } from "../state/header-text.ts";
import type { Lab } from "../state/use-lab.ts";
import { CheckResult } from "./check-result.tsx";

type Checking =
  | { readonly status: "idle" | "running" }
  | { readonly status: "done"; readonly answer: CheckAnswer; readonly seen: readonly Seen[] | null }
  | { readonly status: "failed"; readonly message: string; readonly issues: readonly SituationIssue[] };

/** The visitor's own API: checked by corsac in the lab's process, and asked from the visitor's browser. */
export function TryMyApi({ lab }: { readonly lab: Lab }) {
  const { client, info } = lab;
  const [url, setUrl] = useState(`${info.origins.books}/books`);
  const [page, setPage] = useState<PageName>("bookshop");
  const [method, setMethod] = useState("GET");
  const [headers, setHeaders] = useState("");
  const [body, setBody] = useState("");
  const [includesCookies, setIncludesCookies] = useState(false);
  const [send, setSend] = useState(false);
  const [checking, setChecking] = useState<Checking>({ status: "idle" });
  const issues = checking.status === "failed" ? checking.issues : [];
  const isUnsafe = !/^(?:GET|HEAD|OPTIONS)$/.test(method);
  const hasBody = !/^(?:GET|HEAD)$/i.test(method);

  async function ask(event: FormEvent) {
    event.preventDefault();
    if (checking.status === "running") return;
    setChecking({ status: "running" });
    try {
      const order = { url, origin: info.origins[page], method, headers: readLines(headers), send };
      const answer = await client.check({
        ...order,
        body: hasBody && body !== "" ? body : null,
        credentials: includesCookies ? "include" : "same-origin",
      });
      const seen = answer.runner.kind === "none" ? null : await runInBrowser(answer.runner, null);
      setChecking({ status: "done", answer, seen });
    } catch (error) {
      const found = error instanceof LabRefusal ? error.issues : [];
      setChecking({ status: "failed", message: (error as Error).message, issues: found });
    }
  }

  return (
    <>
      <header className="chapter-head">
        <h1>Try my API</h1>
        <p>
          Name a URL of this machine. corsac asks it what a browser would ask and judges the answers; then your browser
          asks the same from a page of the lab.
        </p>
      </header>
      <form className="bench try-form" aria-label="Try my API" noValidate onSubmit={(event) => void ask(event)}>
        <div className="try-fields">
          <TextField
            label="URL"
            value={url}
            inputMode="url"
            hint="localhost, 127.0.0.1 or [::1]. For other machines there is npx corsac check."
            issues={issuesAt(issues, "url")}
            onChange={setUrl}
          />
          <div className="pair">
            <SelectField
              label="A page of"
              value={page}
              choices={pageNames.map((name) => {
                const { name: words, origin } = lookOf(name, info.origins);
                return [name, `${words} (${origin})`] as const;
              })}
              issues={issuesAt(issues, "origin")}
              onChange={setPage}
            />
            <TextField
              label="Method"
              value={method}
              proposals={["GET", "POST", "PUT", "PATCH", "DELETE"]}
              issues={issuesAt(issues, "method")}
              onChange={setMethod}
            />
          </div>
          <TextField
            label="Request headers"
            value={headers}
            rows={2}
            placeholder="Name: value"
            issues={issuesAt(issues, "headers")}
            onChange={setHeaders}
          />
          {hasBody && (
            <TextField label="Body" value={body} rows={2} issues={issuesAt(issues, "body")} onChange={setBody} />
          )}
          <CheckField
            label="With cookies (credentials: include)"
            checked={includesCookies}
            onChange={setIncludesCookies}
          />
          {isUnsafe && (
            <CheckField
              label={`Really send the ${method}: it may change something`}
              checked={send}
              onChange={setSend}
            />
          )}
        </div>
        <div className="run-bar">
          <button type="submit" className="run" aria-disabled={checking.status === "running" || undefined}>
            {checking.status === "running" ? "Asking …" : "Check"}
          </button>
          {checking.status === "failed" && (
            <p className="run-failure" role="alert">
              {checking.message}
            </p>
          )}
        </div>
      </form>
      {checking.status === "done" && <CheckResult answer={checking.answer} seen={checking.seen} />}
    </>
  );
}
