import type { Exchange, PreflightReason } from "@corsac/protocol";
import type { ReportedExchange } from "./check-report.ts";
import { maskHeaders, maskUrl } from "./mask.ts";

/** Writes an exchange for a report: every header line that was really sent, secrets masked. */
export function reportExchange({ request, response }: Exchange, probe: boolean): ReportedExchange {
  const sent = response.sentHeaders ?? request.headers;
  const base = {
    step:
      request.kind === "preflight"
        ? ("preflight" as const)
        : request.urlList.length > 1
          ? ("redirect" as const)
          : ("request" as const),
    probe,
    because: reasonsText(request.preflightReasons),
    request: { method: request.method, url: maskUrl(request.url.href), headers: maskHeaders(sent) },
  };
  if (response.kind === "network-error") {
    const { kind, reason, message } = response;
    return { ...base, response: { kind, reason, message } };
  }
  const { kind, status, statusText, headers } = response;
  return { ...base, response: { kind, status, statusText, headers: maskHeaders(headers) } };
}

function reasonsText(reasons: readonly PreflightReason[]): string[] {
  const names = reasons.flatMap((reason) => (reason.kind === "header" ? [reason.name] : []));
  const headers = names.length === 0 ? [] : [`header${names.length > 1 ? "s" : ""} ${names.join(", ")}`];
  return [...reasons.flatMap((reason) => (reason.kind === "method" ? [`method ${reason.method}`] : [])), ...headers];
}
