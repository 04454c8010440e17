import * as Tabs from "@radix-ui/react-tabs";
import { type ReactNode, useState } from "react";

/** One of several texts about the same. */
export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly content: ReactNode;
}

/** Tabs, of which one is open; the one that was chosen stays so from run to run. */
export function CodeTabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  const [chosen, setChosen] = useState(tabs[0]?.id ?? "");
  const value = tabs.some(({ id }) => id === chosen) ? chosen : (tabs[0]?.id ?? "");
  return (
    <Tabs.Root className="tabs" value={value} onValueChange={setChosen}>
      <Tabs.List className="tab-list" aria-label={label}>
        {tabs.map(({ id, title }) => (
          <Tabs.Trigger key={id} value={id} className="tab">
            {title}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {tabs.map(({ id, content }) => (
        <Tabs.Content key={id} value={id} className="tab-panel">
          {content}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
