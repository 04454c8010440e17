import { useLayoutEffect, useState, useSyncExternalStore } from "react";

type Scheme = "dark" | "light";

const key = "corsac-lab-scheme";
const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");

/** Light or dark; as the system has it until it is pressed. */
export function SchemeToggle() {
  const [chosen, setChosen] = useState<Scheme | null>(storedScheme);
  const system = useSyncExternalStore<Scheme>(listenToSystem, systemScheme);
  // Before anything is painted.
  useLayoutEffect(() => {
    if (chosen !== null) document.documentElement.dataset.scheme = chosen;
  }, [chosen]);
  const other: Scheme = (chosen ?? system) === "dark" ? "light" : "dark";
  return (
    <button
      type="button"
      className="scheme-toggle"
      onClick={() => {
        localStorage.setItem(key, other);
        setChosen(other);
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

function storedScheme(): Scheme | null {
  const stored = localStorage.getItem(key);
  return stored === "dark" || stored === "light" ? stored : null;
}

function systemScheme(): Scheme {
  return prefersDark.matches ? "dark" : "light";
}

function listenToSystem(onChange: () => void): () => void {
  prefersDark.addEventListener("change", onChange);
  return () => prefersDark.removeEventListener("change", onChange);
}
