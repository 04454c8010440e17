import { getHeader, parseOrigin } from "@corsac/protocol";
import type { FindingDraft, Scene } from "../finding/finding-draft.ts";
import { type Explain, exchangeOf, onPage, onServer, problemOf } from "./explanation.ts";

const echo = (origin: string) =>
  onServer(
    `Keep a list of the origins you allow. When the request's Origin is on it, answer Access-Control-Allow-Origin: ${origin} and Vary: Origin.`,
  );

const notYours = onPage("If the server is not yours: call it from your own server, and let the page call that.");

type Codes =
  | "allow-credentials-not-true"
  | "allow-origin-invalid"
  | "allow-origin-mismatch"
  | "allow-origin-missing"
  | "allow-origin-multiple"
  | "allow-origin-wildcard-with-credentials"
  | "cache-poisoned-allow-origin"
  | "error-response-without-cors"
  | "origin-null";

/** The answers that a CORS check refuses. */
export const explainAllowOrigin: Readonly<Record<Codes, Explain>> = {
  "allow-origin-missing": (draft, scene) => {
    const preflight = draft.stage === "preflight";
    return {
      cause: `${preflight ? "The answer to the preflight" : "The answer"} says nothing about who may read it, so the browser keeps it from the page. ${missingBecause(draft, scene)}`,
      changes: [
        onServer(
          `Send Access-Control-Allow-Origin: ${scene.plan.origin} and Vary: Origin with every answer of this URL, preflight and errors included, from one place.`,
        ),
        notYours,
      ],
    };
  },
  "error-response-without-cors": (draft, scene) => {
    const status = problemOf(draft, "allow-origin-missing")?.status ?? 0;
    return {
      cause: `The server answered ${status} without CORS headers. The page is not shown the status, so this looks like a CORS fault; the error comes first. ${errorBecause(status)}`,
      changes: [onServer(`Find out why the server answers ${status}; its own log says.`), onServer(alwaysOn(scene))],
    };
  },
  "allow-origin-mismatch": (draft, scene) => {
    const problem = problemOf(draft, "allow-origin-mismatch");
    return {
      cause: `The page's origin is ${problem?.expected ?? ""} and the server allows ${problem?.actual ?? ""}. ${differs(problem?.actual ?? "", problem?.expected ?? "")}`,
      changes: [echo(problem?.expected ?? scene.plan.origin)],
    };
  },
  "allow-origin-invalid": (draft, scene) => {
    const problem = problemOf(draft, "allow-origin-invalid");
    const actual = problem?.actual ?? "";
    return {
      cause: `The value is compared with the page's origin letter by letter, and an origin is scheme://host or scheme://host:port in lower case, nothing more. ${invalidBecause(actual)}`,
      changes: [echo(problem?.expected ?? scene.plan.origin)],
    };
  },
  "allow-origin-multiple": (draft, scene) => {
    const problem = problemOf(draft, "allow-origin-multiple");
    const lines = problem?.lines ?? 1;
    return {
      cause:
        lines > 1
          ? `The header came ${lines} times. Two layers add it: mostly the application and the proxy in front of it. A browser accepts it once.`
          : "The header holds a list. A browser accepts one origin, or *, and nothing else.",
      changes: [
        lines > 1
          ? onServer(`Let one layer set it. ${oneLayer(scene)}`)
          : onServer(
              `Keep the list on the server and answer with the one origin that asks: Access-Control-Allow-Origin: ${scene.plan.origin}, with Vary: Origin.`,
            ),
      ],
    };
  },
  "allow-origin-wildcard-with-credentials": (_draft, scene) => ({
    cause:
      "The page asks with credentials (cookies or HTTP authentication). For such a request * is no wildcard: the server has to name the origin, so that nobody allows every site to act as the user by accident.",
    changes: [
      onServer(
        `Answer Access-Control-Allow-Origin: ${scene.plan.origin}, Access-Control-Allow-Credentials: true and Vary: Origin, for origins on your list only. Never echo any origin.`,
      ),
      onPage('If the answer does not depend on cookies: drop credentials: "include" (withCredentials).'),
    ],
  }),
  "allow-credentials-not-true": (draft) => {
    const actual = problemOf(draft, "allow-credentials-not-true")?.actual ?? null;
    return {
      cause:
        actual === null
          ? "The page asks with credentials, and the server does not say that it may."
          : `The page asks with credentials. The only value that allows it is true, in lower case, once; the server sent “${actual}”.${actual.toLowerCase() === "true" ? " A boolean of the programming language was printed." : ""}`,
      changes: [
        onServer(
          "Send Access-Control-Allow-Credentials: true, with the preflight's answer and with the answer itself.",
        ),
        onPage('If the answer does not depend on cookies: drop credentials: "include" (withCredentials).'),
      ],
    };
  },
  "origin-null": () => ({
    cause:
      "A page from a file, a data: URL or a sandboxed frame has no origin of its own and asks as null. Any such page anywhere asks as null too, so the word tells the server nothing.",
    changes: [
      onPage("Serve the page over http or https; in development, any local server does."),
      onPage("For a sandboxed frame: add allow-same-origin, if the frame is yours to trust."),
      onServer("Do not allow null: it lets every sandboxed page of every site in."),
    ],
  }),
  "cache-poisoned-allow-origin": (draft, scene) => ({
    cause: `The answer came out of a cache and names ${problemOf(draft, "allow-origin-mismatch")?.actual ?? "another origin"}: it was made for that page and is handed to this one.`,
    changes: [
      onServer(
        `Send Vary: Origin with every answer of this URL, those to requests without Origin included, and make Origin part of the cache key. ${cacheWords(scene)}`,
      ),
      onServer("Then purge the stored copies."),
    ],
  }),
};

function missingBecause(draft: FindingDraft, scene: Scene): string {
  const exchange = exchangeOf(draft, scene);
  if (exchange === null || exchange.response.kind === "network-error") return "";
  const { headers, status } = exchange.response;
  if (draft.stage === "preflight") {
    if (getHeader(headers, "allow") !== null) {
      return "Its Allow header shows that the server or framework answered OPTIONS by itself, before any CORS code.";
    }
    return "Mostly no CORS code runs for OPTIONS, or for this path.";
  }
  const preflight = scene.exchanges.find(({ request }) => request.kind === "preflight");
  if (
    preflight?.response.kind === "response" &&
    getHeader(preflight.response.headers, "access-control-allow-origin") !== null
  ) {
    return "The preflight's answer had the header: it is set for OPTIONS only, and the handler's own answer goes without.";
  }
  if (scene.server === "s3" || scene.server === "gcs")
    return "The bucket has no CORS configuration that covers this origin and method.";
  if (status >= 400) return `The status ${status} suggests that the request did not reach the code that adds it.`;
  return "Mostly no CORS is set up for this path, or the list of origins lacks this one and the server keeps silent.";
}

function errorBecause(status: number): string {
  if (status === 401 || status === 403)
    return "Authentication, a gateway or a firewall refused before CORS headers were added.";
  if (status === 404) return "Check the path: the CORS code may run for known routes only.";
  if (status === 429) return "A rate limit in front of the application refused it.";
  if (status === 502 || status === 503 || status === 504) return "A proxy answered for an application that did not.";
  if (status === 413) return "A proxy refused the size of the body.";
  if (status >= 500) return "A crash mostly takes another way out than the code that adds the headers.";
  return "";
}

function alwaysOn({ server }: Scene): string {
  switch (server) {
    case "nginx":
      return "In nginx, write “always” behind every add_header; without it error responses go without.";
    case "apache":
      return "In Apache, write Header always set, not Header set; without it error responses go without.";
    case "express":
      return "In Express, use the CORS middleware before everything else; error handlers then keep its headers.";
    case "spring":
      return "In Spring, enable CORS in Spring Security (http.cors()), so that 401 and 403 carry the headers.";
    case "api-gateway":
      return "In API Gateway, add the headers to the gateway responses DEFAULT_4XX and DEFAULT_5XX.";
    default:
      return "Then let every error carry the CORS headers too: add them in the outermost layer, so that the page can tell a 401 from a crash.";
  }
}

function differs(actual: string, expected: string): string {
  const [a, b] = [parseOrigin(actual), parseOrigin(expected)];
  if (actual === "null") return "null is no wildcard; it stands for sandboxed pages.";
  if (a === null || b === null) return "";
  if (a.scheme !== b.scheme && a.host === b.host) return "Only the scheme differs: http and https are two origins.";
  if (a.host === b.host) return "Only the port differs: each port is an origin of its own.";
  if (a.host === `www.${b.host}` || b.host === `www.${a.host}`) return "With and without www are two origins.";
  const local = ["localhost", "127.0.0.1", "[::1]"];
  if (local.includes(a.host) && local.includes(b.host))
    return "localhost and its addresses are different origins to a browser.";
  return "The server allows one fixed origin, perhaps that of another environment.";
}

function invalidBecause(actual: string): string {
  if (actual === "") return "The value is empty: mostly a setting that is not there.";
  if (/^(?:true|false|undefined|none|nil)$/i.test(actual))
    return `“${actual}” is a value of the programming language, printed by mistake.`;
  if (actual.includes("*")) return "Patterns are for the server's own list; a browser takes them letter by letter.";
  if (/^https?:\/\/[^/]+\/$/.test(actual)) return "The slash at the end is one too many.";
  if (/^https?:\/\/[^/]+\/./.test(actual)) return "The path is too much.";
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(actual)) return "The scheme (https://) is missing.";
  if (/:(?:80|443)$/.test(actual)) return "The default port is left out of an origin.";
  if (actual !== actual.toLowerCase()) return "Origins are in lower case.";
  return "";
}

function oneLayer({ server }: Scene): string {
  if (server === "nginx") return "In nginx: proxy_hide_header Access-Control-Allow-Origin, or remove its add_header.";
  if (server === "apache")
    return "In Apache: Header always unset what the application sends, or remove its Header set.";
  return "Remove it from the application or from the proxy.";
}

function cacheWords({ server }: Scene): string {
  if (server === "cloudfront")
    return "In CloudFront: forward Origin with an origin request policy and put it into the cache policy.";
  if (server === "cloudflare")
    return "Cloudflare ignores Vary: Origin for most plans: add Origin to a custom cache key.";
  return "";
}
