import { useEffect, useState } from "react";

type Scheme = "dark" | "light";

const key = "corsac-lab-scheme";

/** Light or dark; as the system has it until it is pressed. */
export function SchemeToggle() {
  const [scheme, setScheme] = useState<Scheme>(initialScheme);
  useEffect(() => {
    document.documentElement.dataset.scheme = scheme;
  }, [scheme]);
  const other: Scheme = scheme === "dark" ? "light" : "dark";
  return (
    <button
      type="button"
      className="scheme-toggle"
      onClick={() => {
        localStorage.setItem(key, other);
        setScheme(other);
      }}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="8" fill="none" stroke="currentColor" strokeWidth="2" />
        <path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor" />
      </svg>
      <span>{other === "dark" ? "Dark" : "Light"}</span>
    </button>
  );
}

function initialScheme(): Scheme {
  const stored = localStorage.getItem(key);
  if (stored === "dark" || stored === "light") return stored;
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
