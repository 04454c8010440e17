import { type Exchange, getHeader, isCorsSafelistedMethod, isHttpScheme } from "@corsac/protocol";
import type { Scene } from "../finding/finding-draft.ts";
import { type Explain, exchangeOf, listed, onPage, onServer, problemOf } from "./explanation.ts";

type Codes =
  | "allow-headers-unparsable"
  | "allow-headers-wildcard-with-credentials"
  | "allow-methods-unparsable"
  | "allow-methods-wildcard-with-credentials"
  | "authorization-not-covered-by-wildcard"
  | "cors-header-on-request"
  | "header-not-allowed"
  | "method-case-mismatch"
  | "method-not-allowed"
  | "preflight-cached-stale"
  | "preflight-network-error"
  | "preflight-redirected"
  | "preflight-status-not-ok";

/** What can be wrong with the answer to a preflight, once it names the right origin. */
export const explainPreflight: Readonly<Record<Codes, Explain>> = {
  "preflight-status-not-ok": (draft, scene) => {
    const status = problemOf(draft, "preflight-status-not-ok")?.status ?? 0;
    return {
      cause: `Before ${theRequest(scene)} a browser asks with OPTIONS, without cookies and without Authorization. ${statusBecause(status, exchangeOf(draft, scene))}${refusedPart(scene)}`,
      changes: [onServer(allowRefused(scene) ?? answerOptions(status, scene))],
    };
  },
  "preflight-redirected": (draft, scene) => {
    const location = problemOf(draft, "preflight-redirected")?.location ?? null;
    const url = exchangeOf(draft, scene)?.request.url ?? scene.plan.url;
    return {
      cause: `A browser never follows a redirect of a preflight. ${redirectBecause(location, url)}`,
      changes: redirectChanges(location, url),
    };
  },
  "preflight-network-error": (draft) => ({
    cause: `The connection ended without an answer to OPTIONS (${problemOf(draft, "preflight-network-error")?.message ?? ""}). If the server answers other requests, something in front of it drops OPTIONS: a firewall, a load balancer or the server's own list of methods.`,
    changes: [
      onServer("Let OPTIONS requests with Access-Control-Request-Method through to the code that answers them."),
    ],
  }),
  "allow-methods-unparsable": (draft) => ({
    cause: `The header is a list of methods with commas between, and nothing else. ${unparsableBecause(problemOf(draft, "allow-methods-unparsable")?.actual ?? "")}`,
    changes: [onServer("Write Access-Control-Allow-Methods: GET, PUT, DELETE: names, commas, no quotes.")],
  }),
  "allow-headers-unparsable": (draft) => ({
    cause: `The header is a list of header names with commas between, and nothing else. ${unparsableBecause(problemOf(draft, "allow-headers-unparsable")?.actual ?? "")}`,
    changes: [onServer("Write Access-Control-Allow-Headers: Content-Type, Authorization: names, commas, no quotes.")],
  }),
  "method-not-allowed": (draft) => {
    const problem = problemOf(draft, "method-not-allowed");
    const method = problem?.method ?? "";
    return {
      cause:
        problem?.allowed.length === 0
          ? `The server allows no method by name, and ${method} needs to be named (GET, HEAD and POST do not).`
          : `The server allows ${listed(problem?.allowed ?? [])}, not ${method}.`,
      changes: [
        ...(method === method.toUpperCase()
          ? []
          : [
              onPage(`Write method: "${method.toUpperCase()}", unless the server really knows ${method}: case counts.`),
            ]),
        onServer(`Add ${method.toUpperCase()} to Access-Control-Allow-Methods in the answer to OPTIONS.`),
      ],
    };
  },
  "method-case-mismatch": (draft) => {
    const method = problemOf(draft, "method-case-mismatch")?.method ?? "";
    return {
      cause: `Methods are compared letter by letter. Browsers put DELETE, GET, HEAD, OPTIONS, POST and PUT into upper case and leave every other method as the script wrote it: here ${method}.`,
      changes: [onPage(`Write method: "${method.toUpperCase()}".`)],
    };
  },
  "allow-methods-wildcard-with-credentials": (draft) => {
    const method = problemOf(draft, "allow-methods-wildcard-with-credentials")?.method ?? "";
    return {
      cause: `The page asks with credentials. For such a request * is the name of a method, not a wildcard, so ${method} is not allowed.`,
      changes: [onServer(`Name the methods: Access-Control-Allow-Methods: ${method}.`)],
    };
  },
  "header-not-allowed": (draft) => ({
    cause: `The script sets ${draft.names.length > 1 ? "request headers" : "a request header"} that the server has to allow by name: ${listed(draft.names)}. Browsers name only one of them at a time.`,
    changes: [
      onServer(`Add ${listed(draft.names)} to Access-Control-Allow-Headers in the answer to OPTIONS.`),
      onPage("Or do not send them, if the server does not need them."),
    ],
  }),
  "allow-headers-wildcard-with-credentials": (draft) => ({
    cause: `The page asks with credentials. For such a request * is the name of a header, not a wildcard, so ${listed(draft.names)} ${draft.names.length > 1 ? "are" : "is"} not allowed.`,
    changes: [onServer(`Name the headers: Access-Control-Allow-Headers: ${draft.names.join(", ")}.`)],
  }),
  "authorization-not-covered-by-wildcard": () => ({
    cause:
      "The standard refuses this: * never covers Authorization. Today's Chromium, Firefox and WebKit let it through, and Firefox warns that it will stop.",
    changes: [onServer("Name it: Access-Control-Allow-Headers: Authorization, and whatever else the script sets.")],
  }),
  "cors-header-on-request": (draft) => ({
    cause: `The script sets ${listed(draft.names)}. That is for the server to send, not for the page: on a request it allows nothing, and being an unusual header it makes the browser ask for leave first.`,
    changes: [onPage(`Delete ${listed(draft.names)} from the request's headers.`)],
  }),
  "preflight-cached-stale": (draft) => ({
    cause: `The answer to the preflight may be kept for ${draft.names[0] ?? "a while"} s (at most 7200 s in Chromium, 86400 s in Firefox, 600 s in WebKit). Until then a browser does not ask again: a change of the policy does not reach pages that have asked before.`,
    changes: [
      onServer("While you work on the policy, send Access-Control-Max-Age: 0, or try in a fresh private window."),
    ],
  }),
};

function theRequest({ plan }: Scene): string {
  return `this ${plan.method}`;
}

function statusBecause(status: number, exchange: Exchange | null): string {
  const headers = exchange?.response.kind === "response" ? exchange.response.headers : [];
  const allow = getHeader(headers, "allow");
  switch (status) {
    case 401:
      return "The server answered 401: authentication runs before CORS, and a preflight can never log in.";
    case 403:
      return "The server answered 403: a firewall, a gateway or the framework's own CORS check refused this origin, method or header.";
    case 404:
      return "The server answered 404: it has no route for OPTIONS on this path.";
    case 405:
      return `The server answered 405: it has no handler for OPTIONS${allow === null ? "" : ` (it knows ${allow})`}.`;
    case 400:
      return "The server answered 400: a handler that expects a body or parameters ran for OPTIONS.";
    case 429:
      return "The server answered 429: a rate limit counts preflights too.";
    case 501:
      return "The server answered 501: it does not know OPTIONS.";
    default:
      if (status >= 500) return `The server answered ${status}: it crashed on OPTIONS, or a proxy got no answer.`;
      return `The server answered ${status}; only 200 to 299 lets the request be sent.`;
  }
}

/** What asking again in parts has told. */
function refusedPart({ refused, plan }: Scene): string {
  if (refused === null) return "";
  if (refused.origin) return ` Asked for nothing but the origin ${plan.origin}, it refuses too.`;
  const granted = ["the origin", ...(refused.method || isCorsSafelistedMethod(plan.method) ? [] : [plan.method])];
  const parts = [...(refused.method ? [plan.method] : []), ...refused.headers];
  return ` Asked in parts, it grants ${listed(granted)} and refuses ${listed(parts)}.`;
}

function allowRefused({ refused, plan }: Scene): string | null {
  if (refused === null) return null;
  if (refused.origin) {
    return `Add ${plan.origin} to the origins that the server allows; if it allows it already, let OPTIONS through before authentication and firewall rules.`;
  }
  const changes = [
    ...(refused.method ? [`${plan.method} to the methods`] : []),
    ...(refused.headers.length > 0 ? [`${listed(refused.headers)} to the request headers`] : []),
  ];
  return `Add ${listed(changes)} that the server's CORS settings allow.`;
}

function answerOptions(status: number, { server }: Scene): string {
  const what = "Answer OPTIONS with 204 and the CORS headers";
  if (server === "express") return `${what}: app.use(cors(…)) before authentication and before every route.`;
  if (server === "spring")
    return `${what}: enable CORS in Spring Security (http.cors()), so that its filter comes first.`;
  if (server === "aspnet") return `${what}: call UseCors before UseAuthentication and UseAuthorization.`;
  if (server === "django") return `${what}: put CorsMiddleware first in MIDDLEWARE.`;
  if (server === "iis") return `${what}: install the IIS CORS module, or let OPTIONS through to the application.`;
  if (server === "api-gateway")
    return `${what}: add an OPTIONS method without authorizer, or switch CORS on for the API.`;
  if (status === 401 || status === 403) return `${what} before authentication, or exempt it from authentication.`;
  if (status === 404 || status === 405 || status === 501)
    return `${what}, for every path that the page calls, before routing.`;
  return `${what} before any other code looks at the request.`;
}

function redirectBecause(location: string | null, url: URL): string {
  const target = location !== null && URL.canParse(location, url.href) ? new URL(location, url) : null;
  if (target === null) return "The server answered with a status of redirects.";
  if (url.protocol === "http:" && target.protocol === "https:" && target.hostname === url.hostname) {
    return "The server sends http requests on to https.";
  }
  if (target.hostname === `www.${url.hostname}` || url.hostname === `www.${target.hostname}`) {
    return "The server sends requests on between the names with and without www.";
  }
  if (target.host === url.host && withoutSlash(target.pathname) === withoutSlash(url.pathname)) {
    return "Only a slash at the end of the path differs.";
  }
  if (isLogin(target)) return "The target is a login page: authentication runs before CORS.";
  return `The server sends the request on to ${target.origin === url.origin ? target.pathname : target.origin}.`;
}

function redirectChanges(location: string | null, url: URL) {
  const target = location !== null && URL.canParse(location, url.href) ? new URL(location, url) : null;
  if (target !== null && isLogin(target)) {
    return [
      onServer(
        "Answer calls of the API with 401, not with a redirect to a login page, and answer OPTIONS before authentication.",
      ),
    ];
  }
  return [
    ...(target !== null && isHttpScheme(target) ? [onPage(`Call the final URL: ${target.href}.`)] : []),
    onServer("Answer OPTIONS with 204 and the CORS headers before the redirect."),
  ];
}

/** Whether a URL looks like a place to log in. */
export function isLogin({ hostname, pathname }: URL): boolean {
  return (
    /(?:^|[/._-])(?:log-?in|sign-?in|sso|auth|oauth2?|authorize|saml|cas)(?:$|[/._-])/i.test(pathname) ||
    /^(?:login|auth|sso|accounts|signin|idp)\./i.test(hostname)
  );
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, "");
}

function unparsableBecause(actual: string): string {
  if (actual.includes(";")) return "The server put semicolons between them.";
  if (/^\s*\[/.test(actual)) return "The server sent an array of its programming language.";
  if (/["']/.test(actual)) return "The server put quotes around them.";
  if (/[^,\s]\s+[^,\s]/.test(actual)) return "The server put blanks between them.";
  return "The server sent a character that no name has.";
}
