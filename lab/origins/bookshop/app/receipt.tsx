import type { ReactElement } from "react";
import { labLink } from "./lab-link.ts";
import type { Shop } from "./use-shop.ts";

/** What this page has asked the API lately, each with a way into the lab. */
export function Receipt({ shop }: { readonly shop: Shop }): ReactElement {
  return (
    <aside className="receipt" aria-labelledby="receipt-heading">
      <h2 id="receipt-heading">What this page asked</h2>
      <p>
        {location.origin} → {shop.books}
      </p>
      <ol>
        {shop.receipt.map(({ id, asked, answer }) => (
          <li key={id}>
            <a href={labLink(shop.lab, asked)}>
              {asked.method} {asked.path}
            </a>
            <span className={answer === null ? "blocked" : ""}>{answer === null ? "blocked" : answer.status}</span>
          </li>
        ))}
      </ol>
      <p>Each line opens in the lab, where you see who let it through.</p>
    </aside>
  );
}
