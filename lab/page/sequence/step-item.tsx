import { decidingHeaders } from "./deciding-headers.ts";
import { HeaderTable } from "./header-table.tsx";
import type { Lane } from "./lanes.ts";
import type { Fault, Step } from "./step.ts";

interface StepItemProps {
  readonly step: Step;
  readonly lanes: readonly Lane[];
  /** Not drawn yet, while it plays. */
  readonly isAhead: boolean;
}

/** One arrow, with what is on it. */
export function StepItem({ step, lanes, isAhead }: StepItemProps) {
  const from = lanes.findIndex(({ name }) => name === step.from);
  const to = lanes.findIndex(({ name }) => name === step.to);
  const direction = from === to ? "stays" : from < to ? "right" : "left";
  const place = direction === "stays" ? "" : ` from-${Math.min(from, to)} to-${Math.max(from, to)}`;
  return (
    <li className={`step step-${direction}${place} tone-${step.tone}`} data-ahead={isAhead || undefined}>
      <div className="arrow">
        <p className="step-way">
          {direction === "stays" ? (
            `In the ${step.from}`
          ) : (
            <>
              {titleOf(lanes, step.from)} <span aria-hidden="true">→</span>
              <span className="visually-hidden">to</span> {titleOf(lanes, step.to)}
            </>
          )}
        </p>
        <p className="step-title">
          {step.tag !== null && <span className="tag">{step.tag}</span>}
          <span translate="no">{step.title}</span>
        </p>
        <div className="line" aria-hidden="true" />
        <div className="step-body">
          {step.notes.map((note) => (
            <p className="note" key={note}>
              {note}
            </p>
          ))}
          <WireHeaders step={step} />
        </div>
      </div>
    </li>
  );
}

function titleOf(lanes: readonly Lane[], name: Step["from"]): string {
  return lanes.find((lane) => lane.name === name)?.title ?? name;
}

function WireHeaders({ step }: { readonly step: Step }) {
  const { headers, side, faults, title } = step;
  if (headers === null) return null;
  const deciding = decidingHeaders(headers, side);
  const missing = new Map(
    faults.flatMap((fault) => (fault.header !== null && fault.value === null ? [[fault.header, fault]] : [])),
  );
  return (
    <>
      {deciding.length + missing.size > 0 && (
        <ul className="deciding">
          {deciding.map(({ name, value, reason }, index) => {
            const fault = faultOf(faults, name);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a header may stand there twice
              <li key={`${index} ${name}`} className={faultClass(fault)}>
                <code translate="no">
                  {name}: <mark>{value}</mark>
                </code>{" "}
                <span className="reason">
                  {fault === undefined ? reason : `${reason}: ${side === "request" ? "not allowed" : "at fault"}`}
                </span>
              </li>
            );
          })}
          {[...missing.values()].map((fault) => (
            <li key={fault.header} className={faultClass(fault)}>
              <code translate="no">{fault.header}</code> <span className="reason">is missing</span>
            </li>
          ))}
        </ul>
      )}
      <HeaderTable caption={title} headers={headers} side={side} />
    </>
  );
}

function faultOf(faults: readonly Fault[], name: string): Fault | undefined {
  return faults.find(({ header, value }) => value !== null && header?.toLowerCase() === name.toLowerCase());
}

function faultClass(fault: Fault | undefined): string | undefined {
  if (fault === undefined) return undefined;
  return fault.isError ? "at-fault" : "of-note";
}
