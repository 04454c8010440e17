import { byteLowercase, type Exchange, getHeader, type HeaderList } from "@corsac/protocol";
import type { Evidence } from "../check/check-report.ts";

/** The status line of an exchange's response. */
export function statusEvidence(exchange: number, { response }: Exchange): Evidence[] {
  if (response.kind === "network-error") return [];
  const value = `${response.status} ${response.statusText}`.trim();
  return [{ exchange, side: "response", header: null, value, mark: String(response.status) }];
}

/** A response header, or that it is absent. With `mark`, the part of the value that is at fault. */
export function responseHeader(
  exchange: number,
  { response }: Exchange,
  header: string,
  mark: string | null = null,
): Evidence[] {
  if (response.kind === "network-error") return [];
  return [headerEvidence(exchange, "response", response.headers, header, mark)];
}

/** A response header, if it is there. */
export function presentResponseHeader(exchange: number, source: Exchange, header: string): Evidence[] {
  return responseHeader(exchange, source, header).filter(({ value }) => value !== null);
}

/** A request header. */
export function requestHeader(
  exchange: number,
  { request }: Exchange,
  header: string,
  mark: string | null = null,
): Evidence[] {
  return [headerEvidence(exchange, "request", request.headers, header, mark)];
}

function headerEvidence(
  exchange: number,
  side: Evidence["side"],
  headers: HeaderList,
  header: string,
  mark: string | null,
): Evidence {
  const lines = headers.filter(([name]) => byteLowercase(name) === byteLowercase(header));
  const name = lines[0]?.[0] ?? header;
  return { exchange, side, header: name, value: getHeader(headers, header), mark };
}
