import { SugarHigh } from "sugar-high/core";
import { tokenize } from "sugar-high/lang/javascript";
import { CopyButton } from "../copies/copy-button.tsx";

interface CodeBlockProps {
  /** For those who do not see what stands above it. */
  readonly label: string;
  readonly code: string;
  readonly language: "js" | "text";
}

/** Code to read and to copy. */
export function CodeBlock({ label, code, language }: CodeBlockProps) {
  return (
    <div className="code-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keyboards scroll what has the focus */}
      <section className="code-scroll" tabIndex={0} aria-label={label}>
        <pre>
          <code translate="no">{language === "js" ? coloured(code) : code}</code>
        </pre>
      </section>
      <CopyButton label="Copy" text={code} />
    </div>
  );
}

function coloured(code: string) {
  return tokenize(code, undefined).map(([type, text], index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text have nothing but their place
    <span key={index} className={`token-${SugarHigh.TokenTypes[type] ?? "plain"}`}>
      {text}
    </span>
  ));
}
