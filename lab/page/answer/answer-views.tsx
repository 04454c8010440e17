import type { RunReport, WireExchange } from "../../situation/run-report.ts";
import type { Seen } from "../../situation/seen.ts";
import { canonical } from "../sequence/deciding-headers.ts";

/** The same answer twice: what the server sent, and what of it the script can read. */
export function AnswerViews({ report }: { readonly report: RunReport }) {
  const { browser, corsac, situation } = report;
  if (situation.request.via === "form") return null;
  const isBrowser = browser.seen !== null;
  const seen = isBrowser ? browser.seen.at(-1) : corsac.attempts.at(-1)?.seen;
  const answer = lastAnswer(isBrowser ? browser.wire : corsac.wire, situation.gateway !== null);
  if (seen === undefined || answer === undefined) return null;
  const { status, statusText, body } = answer.response;
  const headers = answer.response.headers.filter(([name]) => !ofTheConnection.has(name.toLowerCase()));
  return (
    <section className="result-section answer" aria-label="Sent, and readable">
      <h2>Sent, and readable</h2>
      <p className="hint">The last answer, as the server sent it. {summary(seen, status)}</p>
      <table>
        <caption className="visually-hidden">What the server sent, and whether the script can read it</caption>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">What the server sent</th>
            <th scope="col">For the script</th>
          </tr>
        </thead>
        <tbody>
          <Row
            name="status"
            value={`${status} ${statusText}`}
            isReadable={isFiltered(seen) && !isStoredCopy(seen, status)}
          />
          {headers.map(([name, value], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a header may stand there twice
            <Row key={`${index} ${name}`} name={canonical(name)} value={value} isReadable={canRead(seen, name)} />
          ))}
          <Row
            name="body"
            value={body === "" ? "empty" : body}
            isReadable={(isFiltered(seen) && !isStoredCopy(seen, status)) || hasCalledBack(seen)}
          />
        </tbody>
      </table>
    </section>
  );
}

/** These never come as far as a script; they say nothing about the answer. */
const ofTheConnection: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding"]);

interface RowProps {
  readonly name: string;
  readonly value: string;
  readonly isReadable: boolean;
}

function Row({ name, value, isReadable }: RowProps) {
  return (
    <tr className={isReadable ? "readable" : "hidden-part"}>
      <th scope="row" translate="no">
        {name}
      </th>
      <td translate="no">{isReadable ? <span>{value}</span> : <s>{value}</s>}</td>
      <td>
        <span aria-hidden="true">{isReadable ? "✓" : "✕"}</span> {isReadable ? "readable" : "hidden"}
      </td>
    </tr>
  );
}

function summary(seen: Seen, status: number): string {
  if (isStoredCopy(seen, status)) return "It says that the browser’s own copy still holds: the script reads that one.";
  if (seen.kind === "type-error") return "It is all there, and the script gets none of it.";
  if (hasCalledBack(seen)) return "It ran as a script of the page, and handed its data over.";
  if (seen.kind === "element") return "An element uses it; no script reads it.";
  return isFiltered(seen) ? "What is struck out stays with the browser." : "All of it stays with the browser.";
}

function isStoredCopy(seen: Seen, status: number): boolean {
  return status === 304 && seen.kind === "response" && seen.status === 200;
}

// JSONP: the body calls a function of the page.
function hasCalledBack(seen: Seen): boolean {
  return seen.kind === "element" && seen.callback !== null;
}

function isFiltered(seen: Seen): boolean {
  return seen.kind === "response" && (seen.type === "basic" || seen.type === "cors");
}

function canRead(seen: Seen, name: string): boolean {
  return seen.kind === "response" && seen.headers.some(([each]) => each.toLowerCase() === name.toLowerCase());
}

function lastAnswer(wire: readonly WireExchange[], hasGateway: boolean): WireExchange | undefined {
  return wire.findLast(({ server }) => !hasGateway || server === "gateway");
}
