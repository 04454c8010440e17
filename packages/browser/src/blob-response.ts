import { resolveObjectURL } from "node:buffer";
import {
  getHeader,
  type Header,
  type NetworkRequest,
  type NetworkResponse,
  parseSingleRangeHeaderValue,
} from "@corsac/protocol";
import { blobSource } from "./fetch-api/body.ts";

/** Finds what `URL.createObjectURL` stored: Node has one store, which takes the place of every page's. */
export function resolveBlobUrl(url: URL): Blob | undefined {
  return resolveObjectURL(url.href.split("#", 1)[0] as string) as Blob | undefined;
}

/**
 * Answers the request of a `blob:` URL.
 *
 * @see https://fetch.spec.whatwg.org/#scheme-fetch
 */
export function blobResponse({ url, headers }: NetworkRequest): NetworkResponse {
  const blob = resolveBlobUrl(url);
  if (blob === undefined) return failure(`there is no blob ${url.href}`);
  const rangeHeader = getHeader(headers, "range");
  if (rangeHeader === null) return response(200, "OK", blob, blob.type, []);
  const range = parseSingleRangeHeaderValue(rangeHeader, true);
  if (range === null) return failure(`the range ${rangeHeader} is not a single one`);
  const last = blob.size - 1;
  const start = range.start === null ? Math.max(0, blob.size - Number(range.end)) : Number(range.start);
  const end = range.start === null || range.end === null ? last : Math.min(last, Number(range.end));
  if (range.start !== null && start > last) return failure(`the range ${rangeHeader} begins after the end`);
  const slice = blob.slice(start, end + 1);
  return response(206, "Partial Content", slice, blob.type, [["Content-Range", `bytes ${start}-${end}/${blob.size}`]]);
}

function response(
  status: number,
  statusText: string,
  blob: Blob,
  type: string,
  more: readonly Header[],
): NetworkResponse {
  const headers: Header[] = [["Content-Length", String(blob.size)], ["Content-Type", type], ...more];
  return { kind: "response", status, statusText, headers, body: blobSource(blob) };
}

function failure(message: string): NetworkResponse {
  return { kind: "network-error", reason: "unknown", message };
}
