import { type Explain, exchangeOf, listed, onPage, onServer, problemOf } from "./explanation.ts";

type Codes =
  | "corp-blocked"
  | "cors-header-misspelled"
  | "expose-headers-wildcard-with-credentials"
  | "header-not-exposed"
  | "integrity-mismatch"
  | "mime-type-blocked"
  | "nosniff-blocked"
  | "opaque-response"
  | "response-not-verified"
  | "vary-origin-missing";

const sendIt = "If it may be carried out, check again with --send.";

/** What a page cannot see of an answer, and what is going to hurt later. */
export const explainResponse: Readonly<Record<Codes, Explain>> = {
  "corp-blocked": (draft) => ({
    cause: problemOf(draft, "corp-blocked")?.byEmbedderPolicy
      ? "The page requires every resource to consent (Cross-Origin-Embedder-Policy), and this one does not."
      : `The server keeps pages of other ${problemOf(draft, "corp-blocked")?.policy === "same-site" ? "sites" : "origins"} out with Cross-Origin-Resource-Policy. Helmet sets it by default.`,
    changes: [
      onServer("Send Cross-Origin-Resource-Policy: cross-origin, if every page may load it."),
      onPage('Or ask with mode: "cors": the CORS headers decide then.'),
    ],
  }),
  "nosniff-blocked": (draft) => ({
    cause: `The server forbids guessing (nosniff), and “${problemOf(draft, "nosniff-blocked")?.mimeType ?? "no type"}” is not the type of what the page loads.`,
    changes: [onServer("Send the right Content-Type: text/javascript for scripts, text/css for style sheets.")],
  }),
  "mime-type-blocked": (draft) => ({
    cause: `Browsers never run ${problemOf(draft, "mime-type-blocked")?.mimeType ?? "this type"} as a script.`,
    changes: [onServer("Send Content-Type: text/javascript.")],
  }),
  "integrity-mismatch": () => ({
    cause: "The body is not what the integrity hash was made of, or it may not be read for checking.",
    changes: [onPage('Renew the hash after each change of the file, and load it with mode: "cors" (crossorigin).')],
  }),
  "opaque-response": (_draft, { plan }) => ({
    cause:
      plan.redirect === "manual" && plan.mode !== "no-cors"
        ? 'The server redirects, and the request was made with redirect: "manual". The script sees status 0, no headers and not where it leads.'
        : 'The request was made with mode: "no-cors". It was sent and answered, but the script sees status 0, no headers and an empty body. no-cors does not go around CORS; it gives up reading.',
    changes:
      plan.redirect === "manual" && plan.mode !== "no-cors"
        ? [onPage('Use redirect: "follow" (the default), or call the final URL.')]
        : [onPage('Use mode: "cors" (the default).'), onServer(`Send Access-Control-Allow-Origin: ${plan.origin}.`)],
  }),
  "header-not-exposed": (draft) => ({
    cause: `The answer has ${listed(draft.names)}, and the script does not get to see ${draft.names.length > 1 ? "them" : "it"}: across origins only seven harmless headers are readable unless the server names more.`,
    changes: [
      onServer(
        `Send Access-Control-Expose-Headers: ${draft.names.join(", ")} with the answer itself (not with the preflight's).`,
      ),
    ],
  }),
  "expose-headers-wildcard-with-credentials": (draft) => ({
    cause: `The page asks with credentials. For such a request * is the name of a header, not a wildcard, so ${listed(draft.names)} cannot be read.`,
    changes: [onServer(`Name the headers: Access-Control-Expose-Headers: ${draft.names.join(", ")}.`)],
  }),
  "cors-header-misspelled": (draft) => ({
    cause: `The server sends ${draft.names[0] ?? ""}, which means nothing to a browser. It is probably meant to be ${draft.names[1] ?? ""}.`,
    changes: [onServer(`Rename ${draft.names[0] ?? ""} to ${draft.names[1] ?? ""}.`)],
  }),
  "vary-origin-missing": () => ({
    cause:
      "Asked without an origin, with this one and with another, the server gives different answers; but it does not say Vary: Origin. A cache may hand one page the answer made for another, which is then blocked, now and then.",
    changes: [onServer("Send Vary: Origin with every answer of this URL, those to requests without Origin included.")],
  }),
  "response-not-verified": (draft, scene) => ({
    cause:
      exchangeOf(draft, scene) === null
        ? `A browser would send this ${scene.plan.method} without asking first. corsac did not send it, since it may change something; so whether the page may read the answer is not known. ${sendIt}`
        : `The preflight allows the request. corsac did not send the ${scene.plan.method} itself, since it may change something; so whether the page may read its answer is not known. Its answer needs the CORS headers as well. ${sendIt}`,
    changes: [],
  }),
};
