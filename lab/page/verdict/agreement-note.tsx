import type { Agreement } from "../../situation/run-report.ts";

const notes: Readonly<Record<Agreement["kind"], readonly [look: string, sign: string, words: string]>> = {
  agree: ["agree", "=", "They agree"],
  differ: ["differ", "≠", "They differ"],
  "not-run": ["none", "–", "Nothing to compare"],
};

interface AgreementNoteProps {
  readonly kind: Agreement["kind"];
  readonly isRunning?: boolean;
}

/** Whether both came to the same. */
export function AgreementNote({ kind, isRunning = false }: AgreementNoteProps) {
  if (isRunning) return <p className="agreement agreement-wait">your browser is at it …</p>;
  const [look, sign, words] = notes[kind];
  return (
    <p className={`agreement agreement-${look}`}>
      <span aria-hidden="true">{sign}</span> {words}
    </p>
  );
}
