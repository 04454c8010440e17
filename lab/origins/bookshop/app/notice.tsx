import type { ReactElement } from "react";
import type { Told } from "./books-client.ts";
import { labLink } from "./lab-link.ts";
import type { Shop } from "./use-shop.ts";

/** Says what went wrong with a request; nothing when nothing did. */
export function Notice({ shop, told }: { readonly shop: Shop; readonly told: Told | null }): ReactElement | null {
  if (told === null || (told.answer !== null && told.answer.status < 400)) return null;
  const { asked, answer } = told;
  const line = `${asked.method} ${asked.path}`;
  return (
    <div className="notice" role="alert">
      {answer === null ? (
        <>
          <h2>Your browser blocked this</h2>
          <p>
            This page is <code>{location.origin}</code>. It asked <code>{shop.books}</code> for <code>{line}</code>, and
            all that its script got is a <code>TypeError</code>: a script is never told why.
          </p>
        </>
      ) : (
        <>
          <h2>{answer.status === 412 ? "Somebody was faster" : "The shop says no"}</h2>
          <p>
            {answer.status === 412
              ? "The book has changed since this page read it, so nothing was written over."
              : reasonOf(answer.body)}{" "}
            <code>
              {line} → {answer.status}
            </code>
          </p>
        </>
      )}
      <p className="notice-ways">
        <a href={labLink(shop.lab, asked)}>See in the lab why</a>
        {location.origin === shop.home ? null : (
          <a href={`${shop.home}/${location.hash}`}>Open the shop at {shop.home}</a>
        )}
      </p>
    </div>
  );
}

interface Problem {
  readonly title?: string;
  readonly errors?: readonly { readonly pointer?: string; readonly detail: string }[];
}

function reasonOf(body: unknown): string {
  const { title = "It does not say why.", errors = [] } = (body ?? {}) as Problem;
  const faults = errors.map(({ pointer = "", detail }) => `${pointer.replace("#/", "")} ${detail}`);
  return faults.length === 0 ? title : `${title} ${faults.join("; ")}.`;
}
