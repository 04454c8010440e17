import { useEffect, useState } from "react";

interface CopyButtonProps {
  readonly label: string;
  /** A function for what is not known before it is pressed. */
  readonly text: string | (() => string);
}

/** Copies a text. */
export function CopyButton({ label, text }: CopyButtonProps) {
  const [state, setState] = useState<"copied" | "idle" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const words = { copied: "Copied", idle: label, refused: "The browser refuses: select it yourself" }[state];
  return (
    <button
      type="button"
      className="copy-button"
      onClick={() => {
        navigator.clipboard.writeText(typeof text === "string" ? text : text()).then(
          () => setState("copied"),
          () => setState("refused"),
        );
      }}
    >
      <span aria-live="polite">{words}</span>
    </button>
  );
}
