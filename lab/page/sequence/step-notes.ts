import type { PreflightReason } from "@corsac/protocol";
import type { CorsacAttempt, CorsacExchange } from "../../situation/run-report.ts";
import type { HeaderLine } from "../../situation/situation.ts";
import { canonical } from "./deciding-headers.ts";

/** Why a preflight is sent. */
export function preflightNotes(exchange: CorsacExchange | undefined): string[] {
  if (exchange === undefined || exchange.kind !== "preflight" || exchange.preflightReasons.length === 0) return [];
  return [`Asked first, because ${list(exchange.preflightReasons.map(reasonText))}.`];
}

function reasonText(reason: PreflightReason): string {
  switch (reason.kind) {
    case "method":
      return `no form can send ${reason.method}`;
    case "header":
      return reason.name.toLowerCase() === "content-type"
        ? "no form can send this Content-Type"
        : `a script has set ${canonical(reason.name)}`;
    case "use-cors-preflight-flag":
      return "the script listens to the upload";
  }
}

const withheldTexts: Readonly<Record<string, string>> = {
  "same-site-lax": "SameSite=Lax keeps it from requests of other sites, except when a link is followed",
  "same-site-strict": "SameSite=Strict keeps it from all requests of other sites",
  "same-site-unset": "without SameSite it counts as Lax, and is too old for the exception",
  "third-party": "this browser keeps cookies from third parties, and this one would go to another site",
  "not-secure-connection": "it is Secure, and the connection is not",
};

/** Which cookies went along, and which stayed at home and why. */
export function cookieNotes(headers: readonly HeaderLine[], attempt: CorsacAttempt | undefined): string[] {
  const isAttached = headers.some(([name]) => name.toLowerCase() === "cookie");
  if (isAttached) return ["The cookie goes along."];
  const withheld = attempt?.cookies.filter(({ action }) => action === "withheld") ?? [];
  const names = new Map(withheld.map((cookie) => [cookie.name, cookie]));
  return [...names.values()].map(({ name, reasons }) => {
    const why = reasons.map((reason) => withheldTexts[reason] ?? reason.replaceAll("-", " "));
    return `The cookie ${name} stays at home: ${list(why)}.`;
  });
}

/** What an answer lacks that names one origin and may be kept. */
export function varyNotes(headers: readonly HeaderLine[]): string[] {
  const valuesOf = (wanted: string) =>
    headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
  const isForOne = valuesOf("access-control-allow-origin").some((value) => /:\/\//.test(value));
  const isKept = valuesOf("cache-control").some((value) => /max-age=[1-9]/.test(value) && !/no-store/.test(value));
  const varies = valuesOf("vary").some((value) => /(?:^|[\s,])(?:\*|origin)(?:$|[\s,])/i.test(value));
  if (!isForOne || !isKept || varies) return [];
  return ["No Vary: Origin: caches give this answer to every origin, and all but one cannot read it."];
}

function list(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}
