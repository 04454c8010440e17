import type { ProblemCode } from "./problem.ts";

/** What is the same for every problem of one code. */
export interface ProblemInfo {
  /** One clause, without a full stop: what is wrong. */
  readonly title: string;
  /** The place in a standard that makes it a network error. */
  readonly spec: string;
  /** The page that explains it, as a path from the root of the repository. */
  readonly docs: string;
}

const fetchStandard = "https://fetch.spec.whatwg.org/";

const rows: Record<ProblemCode, readonly [title: string, spec: string]> = {
  "allow-origin-missing": ["the response has no Access-Control-Allow-Origin header", "#cors-check"],
  "allow-origin-invalid": ["Access-Control-Allow-Origin is not an origin", "#cors-check"],
  "allow-origin-mismatch": ["Access-Control-Allow-Origin names another origin", "#cors-check"],
  "allow-origin-multiple": ["Access-Control-Allow-Origin names more than one origin", "#cors-check"],
  "allow-origin-wildcard-with-credentials": [
    "Access-Control-Allow-Origin: * does not cover a request with credentials",
    "#cors-protocol-and-credentials",
  ],
  "allow-credentials-not-true": ["Access-Control-Allow-Credentials is not true", "#cors-check"],
  "preflight-status-not-ok": ["the preflight was not answered with a status from 200 to 299", "#cors-preflight-fetch"],
  "preflight-redirected": ["the preflight was answered with a redirect", "#cors-preflight-fetch"],
  "preflight-network-error": ["the preflight got no answer", "#cors-preflight-fetch"],
  "allow-methods-unparsable": ["Access-Control-Allow-Methods is not a list of methods", "#cors-preflight-fetch"],
  "allow-headers-unparsable": ["Access-Control-Allow-Headers is not a list of header names", "#cors-preflight-fetch"],
  "method-not-allowed": ["Access-Control-Allow-Methods lacks the method", "#cors-preflight-fetch"],
  "method-case-mismatch": [
    "the method and Access-Control-Allow-Methods differ in letter case",
    "#concept-method-normalize",
  ],
  "allow-methods-wildcard-with-credentials": [
    "Access-Control-Allow-Methods: * is no wildcard for a request with credentials",
    "#cors-preflight-fetch",
  ],
  "header-not-allowed": ["Access-Control-Allow-Headers lacks request headers", "#cors-preflight-fetch"],
  "allow-headers-wildcard-with-credentials": [
    "Access-Control-Allow-Headers: * is no wildcard for a request with credentials",
    "#cors-preflight-fetch",
  ],
  "authorization-not-covered-by-wildcard": [
    "Access-Control-Allow-Headers: * does not cover Authorization",
    "#cors-non-wildcard-request-header-name",
  ],
  "redirect-mode-error": ["the server redirects and the request forbids redirects", "#http-fetch"],
  "redirect-location-invalid": ["the redirect's Location is not a URL", "#concept-response-location-url"],
  "redirect-scheme": ["the redirect leads to a URL that is neither http nor https", "#http-redirect-fetch"],
  "redirect-count": ["the chain of redirects is too long", "#http-redirect-fetch"],
  "redirect-with-credentials-in-url": ["the redirect's Location has a user name or password", "#http-redirect-fetch"],
  "redirect-body-not-replayable": ["the redirect needs a body that can be sent only once", "#http-redirect-fetch"],
  "url-scheme-unsupported": ["a cross-origin fetch works with http and https only", "#main-fetch"],
  "url-unknown": ["the URL's scheme cannot be fetched", "#scheme-fetch"],
  "mode-same-origin": ["mode same-origin forbids a request to another origin", "#main-fetch"],
  "no-cors-redirect-mode": ["mode no-cors to another origin needs redirect mode follow", "#main-fetch"],
  "bad-port": ["browsers do not send HTTP to this port", "#port-blocking"],
  "mixed-content": [
    "an https page may not fetch over http",
    "https://w3c.github.io/webappsec-mixed-content/#should-block-fetch",
  ],
  "corp-blocked": ["Cross-Origin-Resource-Policy keeps this page out", "#cross-origin-resource-policy-header"],
  "nosniff-blocked": [
    "the MIME type does not fit and X-Content-Type-Options is nosniff",
    "#should-response-to-request-be-blocked-due-to-nosniff?",
  ],
  "mime-type-blocked": [
    "a script may not have this MIME type",
    "#should-response-to-request-be-blocked-due-to-mime-type?",
  ],
  "integrity-mismatch": ["the body does not match the integrity metadata", "#main-fetch"],
  "keepalive-body-too-large": ["keepalive requests carry too much", "#http-network-or-cache-fetch"],
  "only-if-cached-miss": ["cache mode only-if-cached found nothing stored", "#http-network-or-cache-fetch"],
  "proxy-authentication-required": ["an intermediary asks for authentication", "#http-network-or-cache-fetch"],
  "network-error": ["no response came", "#concept-network-error"],
};

/**
 * Title, standard and page of every problem code. A code without an entry does not compile.
 */
export const problemInfo: Readonly<Record<ProblemCode, ProblemInfo>> = Object.fromEntries(
  Object.entries(rows).map(([code, [title, spec]]) => [
    code,
    { title, spec: spec.startsWith("#") ? `${fetchStandard}${spec}` : spec, docs: `docs/problems/${code}.md` },
  ]),
) as Record<ProblemCode, ProblemInfo>;
