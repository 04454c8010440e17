import { getHeader } from "@corsac/protocol";
import type { FindingDraft, Scene } from "../finding/finding-draft.ts";
import { isLogin } from "./explain-preflight.ts";
import { type Explain, exchangeOf, onPage, onServer, problemOf } from "./explanation.ts";

type Codes =
  | "redirect-body-not-replayable"
  | "redirect-count"
  | "redirect-location-invalid"
  | "redirect-mode-error"
  | "redirect-origin-tainted"
  | "redirect-response-blocked"
  | "redirect-scheme"
  | "redirect-target-blocked"
  | "redirect-with-credentials-in-url";

// From the page's own origin the first redirect away still names the page; from a foreign one it does not.
function namesPage(draft: FindingDraft, scene: Scene): boolean {
  const exchange = exchangeOf(draft, scene);
  return exchange !== null && getHeader(exchange.request.headers, "origin") === scene.plan.origin;
}

/** What goes wrong between a redirect and its target. */
export const explainRedirect: Readonly<Record<Codes, Explain>> = {
  "redirect-response-blocked": (draft, scene) => {
    const exchange = exchangeOf(draft, scene);
    const location = draft.evidence.find(({ header }) => header?.toLowerCase() === "location")?.value ?? null;
    const target =
      location !== null && exchange !== null && URL.canParse(location, exchange.request.url.href)
        ? new URL(location, exchange.request.url)
        : null;
    return {
      cause:
        `A redirect is an answer too: across origins a browser follows it only if it passes the CORS check itself. ${target !== null && isLogin(target) ? "The target looks like a login page: the page is not logged in." : ""}`.trim(),
      changes:
        target !== null && isLogin(target)
          ? [
              onServer("Answer calls of the API with 401 and CORS headers, not with a redirect to a login page."),
              onPage("Log in by a visit of the whole window; a fetch cannot."),
            ]
          : [
              ...(target === null ? [] : [onPage(`Call the final URL: ${target.href}.`)]),
              onServer(
                `Or send the CORS headers with the redirect as well: Access-Control-Allow-Origin: ${scene.plan.origin}.`,
              ),
            ],
    };
  },
  "redirect-target-blocked": (draft, scene) => {
    const url = exchangeOf(draft, scene)?.request.url ?? scene.plan.url;
    return {
      cause: `The request was redirected to ${url.origin}, and that server does not allow the page. ${isLogin(url) ? "It looks like a login page: the page is not logged in." : "Each server on the way has to allow it, the last one included."}`,
      changes: isLogin(url)
        ? [
            onServer("Answer calls of the API with 401 and CORS headers, not with a redirect to a login page."),
            onPage("Log in by a visit of the whole window; a fetch cannot."),
          ]
        : [
            onServer(
              `Let ${url.host} send Access-Control-Allow-Origin: ${namesPage(draft, scene) ? scene.plan.origin : "*"}, or have the first server fetch the target and answer itself.`,
            ),
          ],
    };
  },
  "redirect-origin-tainted": (draft, scene) => ({
    cause: `After a redirect from one foreign origin to another, a browser no longer names the page: it asks as null. So the answer's ${draft.problem !== null && "actual" in draft.problem ? String(draft.problem.actual) : scene.plan.origin} is not what it looks for, although it is the page's own origin.`,
    changes: [
      onServer(
        "If the answer is the same for everybody: send Access-Control-Allow-Origin: * at the end of the redirects.",
      ),
      onServer("Otherwise do without the redirect: have the first server fetch the target and answer itself."),
      onServer("Do not allow null: it lets every sandboxed page of every site in."),
    ],
  }),
  "redirect-mode-error": () => ({
    cause: 'The request was made with redirect: "error", and the server redirects.',
    changes: [onPage('Call the final URL, or use redirect: "follow".')],
  }),
  "redirect-location-invalid": (draft) => ({
    cause: `The redirect's Location, “${problemOf(draft, "redirect-location-invalid")?.location ?? ""}”, is not a URL.`,
    changes: [onServer("Send a Location that is a URL, with special characters percent-encoded.")],
  }),
  "redirect-scheme": (draft) => ({
    cause: `The redirect leads to ${problemOf(draft, "redirect-scheme")?.location ?? ""}. A fetch follows redirects to http and https only.`,
    changes: [
      onPage("To open an application or another kind of URL, navigate: use a link or location.href."),
      onServer("Answer the fetch with data, and let the page decide where to go."),
    ],
  }),
  "redirect-count": (draft) => ({
    cause: `Browsers follow ${problemOf(draft, "redirect-count")?.limit ?? 20} redirects. This is mostly a loop: two rules that send the request back and forth.`,
    changes: [onServer("Look at the Location of each redirect above and remove the rule that leads back.")],
  }),
  "redirect-with-credentials-in-url": () => ({
    cause: "The redirect's Location carries a user name or password. Across origins browsers refuse that.",
    changes: [onServer("Leave user name and password out of Location; use the header Authorization or a cookie.")],
  }),
  "redirect-body-not-replayable": (draft) => ({
    cause: `A ${problemOf(draft, "redirect-body-not-replayable")?.status ?? 307} asks for the body again, and a stream can be read only once.`,
    changes: [onPage("Call the final URL, or send the body as a string, a Blob or bytes.")],
  }),
};
