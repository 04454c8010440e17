import type { HeaderLine } from "../../situation/situation.ts";
import { canonical, decidingHeaders } from "./deciding-headers.ts";

interface HeaderTableProps {
  readonly caption: string;
  readonly headers: readonly HeaderLine[];
  readonly side: "request" | "response";
}

/** All headers of a message as they were on the wire; the deciding ones are marked. */
export function HeaderTable({ caption, headers, side }: HeaderTableProps) {
  return (
    <details className="header-table">
      <summary>
        All {headers.length} headers<span className="visually-hidden"> of {caption}</span>
      </summary>
      <table>
        <caption className="visually-hidden">Headers of {caption}</caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody translate="no">
          {headers.map(([name, value], index) => {
            const [deciding] = decidingHeaders([[name, value]], side);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a header may stand there twice
              <tr key={`${index} ${name}`}>
                <th scope="row">{canonical(name)}</th>
                <td>{deciding === undefined ? value : <mark>{value}</mark>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}
