import { isHttpScheme } from "../request/redirect.ts";
import { dataUrlResponse } from "./data-url.ts";
import type { FetchState } from "./fetch-state.ts";
import { type FetchSteps, type HttpFetchResult, httpFetch, internalResponse } from "./http-fetch.ts";
import { networkRequest } from "./http-network-or-cache-fetch.ts";

/**
 * Performs a scheme fetch. `blob:` URLs are yielded like requests: their store belongs to whoever drives the fetch.
 *
 * @see https://fetch.spec.whatwg.org/#scheme-fetch
 */
export function* schemeFetch(state: FetchState): FetchSteps<HttpFetchResult> {
  const { url, method } = state;
  if (isHttpScheme(url)) return yield* httpFetch(state, false);
  switch (url.protocol) {
    case "about:":
      if (url.pathname === "blank" && (state.profile.response.fetchesAboutBlank || state.request.mode === "navigate")) {
        return synthetic(state, "OK", [["Content-Type", "text/html;charset=utf-8"]], new Uint8Array());
      }
      break;
    case "data:": {
      const response = dataUrlResponse(url);
      if (response === null) break;
      const { mimeType, bytes } = response;
      const headers: [string, string][] = [["Content-Type", mimeType]];
      if (state.profile.response.dataUrlHasContentLength) headers.push(["Content-Length", String(bytes.length)]);
      return synthetic(state, "OK", headers, bytes);
    }
    case "blob:":
      if (method === "GET") {
        const request = networkRequest(state, [], "not-needed");
        const received = yield request;
        if (received.kind === "response") {
          return { ok: true, value: { kind: "response", response: internalResponse(state, received) } };
        }
      }
      break;
    default:
      return {
        ok: false,
        problem: { code: "url-scheme-unsupported", stage: "request", scheme: url.protocol.slice(0, -1) },
      };
  }
  return { ok: false, problem: { code: "url-unknown", stage: "request", url: url.href } };
}

function synthetic(
  state: FetchState,
  statusText: string,
  headers: [string, string][],
  body: Uint8Array,
): { readonly ok: true; readonly value: HttpFetchResult } {
  const received = { kind: "response", status: 200, statusText, headers, body } as const;
  return { ok: true, value: { kind: "response", response: internalResponse(state, received) } };
}
