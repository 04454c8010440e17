import { Fragment, type ReactNode } from "react";

/**
 * Sections in two columns where there is room: the first, which is the longest, on the left, and the others beside it.
 * `false` is a section that is not there.
 */
export function Columns({ sections }: { readonly sections: readonly ReactNode[] }) {
  const present = sections.filter((section) => section !== false);
  const [first, ...others] = present;
  return (
    <div className="columns">
      <div className="column">{first}</div>
      {others.length > 0 && (
        <div className="column">
          {others.map((section, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: sections keep their order
            <Fragment key={index}>{section}</Fragment>
          ))}
        </div>
      )}
    </div>
  );
}
