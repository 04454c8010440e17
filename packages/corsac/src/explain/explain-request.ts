import type { NetworkErrorReason } from "@corsac/protocol";
import { type Explain, listed, onPage, onServer, problemOf } from "./explanation.ts";

type Codes =
  | "bad-port"
  | "keepalive-body-too-large"
  | "mixed-content"
  | "mode-same-origin"
  | "network-error"
  | "no-cors-misuse"
  | "no-cors-redirect-mode"
  | "only-if-cached-miss"
  | "proxy-authentication-required"
  | "url-scheme-unsupported"
  | "url-unknown";

/** What is wrong before anything is sent, and what keeps answers from coming. */
export const explainRequest: Readonly<Record<Codes, Explain>> = {
  "url-scheme-unsupported": (draft) => ({
    cause: `Across origins a page can fetch http and https URLs only, not ${problemOf(draft, "url-scheme-unsupported")?.scheme ?? ""}:.`,
    changes: [onPage("Write the URL with http:// or https://; serve files with a local server.")],
  }),
  "url-unknown": () => ({
    cause: "There is no way to fetch a URL of this scheme.",
    changes: [onPage("Write the URL with http:// or https://.")],
  }),
  "mode-same-origin": (draft, scene) => ({
    cause: `The request was made with mode: "same-origin", and ${new URL(problemOf(draft, "mode-same-origin")?.url ?? scene.plan.url).origin} is another origin than ${scene.plan.origin}.`,
    changes: [onPage('Use mode: "cors" (the default), and set up CORS on the server.')],
  }),
  "no-cors-redirect-mode": () => ({
    cause:
      'With mode: "no-cors" a request to another origin has to follow redirects, so that the page learns nothing from them.',
    changes: [onPage('Use mode: "cors", or redirect: "follow".')],
  }),
  "no-cors-misuse": (draft) => ({
    cause: `With mode: "no-cors" a page can send what a form could send, and nothing more. ${noCorsBecause(draft.names)}`,
    changes: [onPage('Use mode: "cors" (the default).'), onServer("Set up CORS; no-cors does not go around it.")],
  }),
  "bad-port": (draft) => ({
    cause: `Port ${problemOf(draft, "bad-port")?.port ?? ""} belongs to another protocol. Browsers send no HTTP there, so that pages cannot talk to mail servers and the like.`,
    changes: [onServer("Listen on another port, such as 8080.")],
  }),
  "mixed-content": (draft) => ({
    cause: `The page is https and asks ${problemOf(draft, "mixed-content")?.url ?? ""} over http. Browsers refuse: anybody on the way could read and change it.${draft.stage === "redirect" ? " The server behind a proxy that ends TLS often writes http into Location." : ""}`,
    changes: [
      onPage("Use the https URL."),
      ...(draft.stage === "redirect"
        ? [
            onServer(
              "Tell the application that it is reached over https (X-Forwarded-Proto, a trusted proxy), so that its redirects stay on https.",
            ),
          ]
        : []),
    ],
  }),
  "keepalive-body-too-large": (draft) => ({
    cause: `Requests with keepalive may carry ${problemOf(draft, "keepalive-body-too-large")?.limit ?? 65536} bytes together.`,
    changes: [onPage("Send less, or without keepalive.")],
  }),
  "only-if-cached-miss": () => ({
    cause: 'cache: "only-if-cached" asks for a stored response, and none is there.',
    changes: [onPage("Use another cache mode.")],
  }),
  "network-error": (draft) => {
    const problem = problemOf(draft, "network-error");
    return {
      cause: `${sentence(reasons[problem?.reason ?? "unknown"])} (${problem?.message ?? ""}). This has nothing to do with CORS, though Firefox words it so.`,
      changes: [onServer("See that the server runs and can be reached at this URL.")],
    };
  },
  "proxy-authentication-required": () => ({
    cause: "The answer has status 407: something between the browser and the server wants a login.",
    changes: [onServer("Answer 401 if it is the server that wants it; a 407 is for proxies.")],
  }),
};

/** Why no response came, as part of a sentence. */
const reasons: Readonly<Record<NetworkErrorReason, string>> = {
  aborted: "the request was given up",
  "connection-closed": "the connection was closed before an answer",
  "connection-refused": "nothing listens there",
  dns: "the host name has no address",
  "http-parse": "what came back is not HTTP",
  timeout: "no answer came in time",
  tls: "the TLS connection failed",
  unknown: "the connection failed",
};

function sentence(clause: string): string {
  return clause.charAt(0).toUpperCase() + clause.slice(1);
}

function noCorsBecause(names: readonly string[]): string {
  const [method] = names;
  if (method !== undefined && /^[A-Z]+$/.test(method)) return `${method} is refused at once.`;
  return `The browser leaves out ${listed(names)} without a word.`;
}
