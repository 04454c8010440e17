import type { BrowserName, ProfileName } from "@corsac/protocol";
import type { BrowserReport } from "corsac";
import { CodeTabs } from "../code/code-tabs.tsx";

const titles: Readonly<Record<BrowserName, string>> = {
  chromium: "Chromium",
  firefox: "Firefox",
  webkit: "WebKit (Safari)",
};

interface ConsoleTextsProps {
  readonly browsers: Readonly<Record<BrowserName, BrowserReport>>;
  /** The visitor's, which comes first. */
  readonly own: ProfileName;
}

/** What the consoles of the three browsers say. */
export function ConsoleTexts({ browsers, own }: ConsoleTextsProps) {
  const first = own === "standard" ? "chromium" : own;
  const names = [first, ...(Object.keys(titles) as BrowserName[]).filter((name) => name !== first)];
  return (
    <section className="result-section" aria-label="In the console">
      <h2>In the console</h2>
      <CodeTabs
        label="Browsers"
        tabs={names.map((name) => {
          const { messages, differs, verdict } = browsers[name];
          const isKnown = verdict === "allowed" || verdict === "blocked";
          return {
            id: name,
            title: titles[name],
            content: (
              <>
                {differs !== null && isKnown && (
                  <p className="console-differs">This browser decides otherwise: {differs}</p>
                )}
                {messages.length === 0 ? (
                  <p className="console-silence">Nothing. This browser’s console stays silent.</p>
                ) : (
                  <ul className="console" translate="no">
                    {messages.map(({ text }) => (
                      <li key={text}>{text}</li>
                    ))}
                  </ul>
                )}
              </>
            ),
          };
        })}
      />
    </section>
  );
}
