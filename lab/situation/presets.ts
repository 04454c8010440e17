import type { ProblemCode } from "@corsac/protocol";
import type { PolicyJson } from "@corsac/server";
import { defaultOrigins, type LabOrigins } from "./origins.ts";
import type { RunVerdict } from "./run-report.ts";
import {
  type AskedRequest,
  type AskingPage,
  defaultSituation,
  type HeaderLine,
  plainAnswer,
  type RawAnswer,
  type Situation,
} from "./situation.ts";

/** The chapters of the lab's story. */
export type Chapter = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** A bench that is prepared for a chapter. */
export interface Preset {
  /** Kebab-case; stands in links. */
  readonly id: string;
  readonly chapter: Chapter;
  /** A few words for a button. */
  readonly title: string;
  /** One or two sentences: what to look at. */
  readonly text: string;
  readonly situation: Situation;
  /** What comes of the last attempt in every browser, and why it fails. */
  readonly expected: { readonly verdict: RunVerdict; readonly problem: ProblemCode | null };
}

/** What the chapters are called. */
export const chapterTitles: Readonly<Record<Chapter, string>> = {
  1: "The forged request",
  2: "What an origin is",
  3: "The handshake",
  4: "The weather from abroad",
  5: "What needs a preflight",
  6: "The preflight cache",
  7: "Choosing the right method",
  8: "The usual mistakes",
};

type Changes = Partial<Omit<Situation, "request">> & { readonly request?: Partial<AskedRequest> };

interface Draft {
  readonly title: string;
  readonly text: string;
  readonly changes: Changes;
  readonly verdict: RunVerdict;
  readonly problem?: ProblemCode;
}

function preset(chapter: Chapter, id: string, { title, text, changes, verdict, problem }: Draft): Preset {
  const request = { ...defaultSituation.request, ...changes.request };
  return {
    ...{ id, chapter, title, text },
    situation: { ...defaultSituation, ...changes, request },
    expected: { verdict, problem: problem ?? null },
  };
}

const evil: AskingPage = { kind: "origin", name: "evil" };
const social: AskingPage = { kind: "origin", name: "social" };

/** The bench behind a policy of `@corsac/server`. */
function policy(options: PolicyJson, answer: RawAnswer = plainAnswer): Situation["server"] {
  return { kind: "policy", policy: options, protection: false, answer };
}

/** The bench with answers that are written by hand. */
function raw(headers: readonly HeaderLine[], preflight: RawAnswer | null = null): Situation["server"] {
  return { kind: "raw", preflight, answer: { ...plainAnswer, headers: [...plainAnswer.headers, ...headers] } };
}

const itself: Situation["server"] = { kind: "itself" };
const json: HeaderLine = ["Content-Type", "application/json"];
const loggedIn = { loggedIn: true, sameSite: "Lax" } as const;
/** A cookie as the servers of years ago set it, without a word on other sites. */
const careless = { loggedIn: true, sameSite: "unset" } as const;
const forAllSites = { loggedIn: true, sameSite: "None" } as const;
const post = {
  ...{ via: "form", target: "social", path: "/api/posts", method: "POST", credentials: "include" },
  fields: [["text", "I love the evil site!"]],
} as const satisfies Partial<AskedRequest>;

/** The prepared benches for origins at given ports, in the order of the story. */
export function presetsFor(origins: LabOrigins): readonly Preset[] {
  const shop = [origins.bookshop];
  const allow = (value: string): HeaderLine => ["Access-Control-Allow-Origin", value];
  const vary: HeaderLine = ["Vary", "Origin"];
  const granted = (...headers: HeaderLine[]): RawAnswer => ({ status: 204, headers, body: "" });
  return [
    preset(1, "own-post", {
      title: "A post of one's own",
      text: "The social network's own page posts something. Its cookie goes along, because the page is of the same site.",
      changes: {
        ...{ page: social, place: "window", server: itself, cookies: loggedIn },
        request: { ...post, via: "fetch", fields: [], headers: [json], body: '{"text":"Hello, everybody."}' },
      },
      verdict: "readable",
    }),
    preset(1, "forged-form", {
      title: "The forged form",
      text: "The evil site submits a form to the social network. Nobody asks CORS: the form is sent, and with a cookie that says nothing about other sites the post stands in your name. Chromium lets such a cookie go only in its first two minutes.",
      changes: { page: evil, place: "window", server: itself, cookies: careless, request: post },
      verdict: "sent",
    }),
    preset(1, "forged-form-lax", {
      title: "… with SameSite=Lax",
      text: "The same form. It is sent, but the cookie stays at home: the social network does not know who posts.",
      changes: { page: evil, place: "window", server: itself, cookies: loggedIn, request: post },
      verdict: "sent",
    }),
    preset(1, "forged-form-protected", {
      title: "… with cross-origin protection",
      text: "The careless cookie goes along, and the social network refuses: the browser says that another site asks.",
      changes: {
        ...{ page: evil, place: "window", server: itself, cookies: careless, socialProtection: true },
        request: post,
      },
      verdict: "sent",
    }),
    preset(1, "stolen-posts", {
      title: "Reading what is private",
      text: "The evil site asks for your posts, with your cookie unless your browser keeps it from third parties. An answer arrives, and stays out of its reach: that is the same-origin policy.",
      changes: {
        ...{ page: evil, place: "window", server: itself, cookies: forAllSites },
        request: { target: "social", path: "/api/posts", credentials: "include" },
      },
      verdict: "blocked",
      problem: "allow-origin-missing",
    }),
    preset(2, "same-origin", {
      title: "The page's own origin",
      text: "Scheme, host and port are the same: nothing is asked, everything can be read.",
      changes: {
        ...{ page: { kind: "origin", name: "weather" }, server: itself },
        request: { target: "weather", path: "/weather" },
      },
      verdict: "readable",
    }),
    preset(2, "another-port", {
      title: "Another port",
      text: "The bookshop asks an API on another port of the same host. That is another origin, and the answer says nothing about it.",
      changes: { server: raw([]) },
      verdict: "blocked",
      problem: "allow-origin-missing",
    }),
    preset(2, "another-name", {
      title: "Another name of the same machine",
      text: "The same bookshop by its address. localhost and 127.0.0.1 are two hosts to a browser, hence two origins; the policy lists one.",
      changes: { page: { kind: "origin", name: "bookshopByAddress" }, server: policy({ origins: shop }) },
      verdict: "blocked",
      problem: "allow-origin-missing",
    }),
    preset(2, "opaque-origin", {
      title: "A sandboxed frame",
      text: "A sandboxed document has no origin of its own and asks as null.",
      changes: { page: { kind: "sandboxed", name: "bookshop" }, server: policy({ origins: shop }) },
      verdict: "blocked",
      problem: "allow-origin-missing",
    }),
    preset(3, "one-origin", {
      title: "One origin",
      text: "The browser names the page in Origin, the server names who may read. They match.",
      changes: { server: policy({ origins: shop }) },
      verdict: "readable",
    }),
    preset(3, "wrong-origin", {
      title: "The wrong origin",
      text: "The evil site asks the same API. The answer is sent, and the browser holds it back.",
      changes: { page: evil, server: raw([allow(origins.bookshop), vary]) },
      verdict: "blocked",
      problem: "allow-origin-mismatch",
    }),
    preset(3, "everybody", {
      title: "Everybody",
      text: "A public API says *. Everybody may read what everybody gets.",
      changes: { page: evil, server: policy({ origins: "*" }) },
      verdict: "readable",
    }),
    preset(3, "everybody-with-cookies", {
      title: "Everybody, with cookies",
      text: "With credentials * is no wildcard: what a page reads with your cookies is yours, and the server has to name who may.",
      changes: { server: policy({ origins: "*" }), cookies: loggedIn, request: { credentials: "include" } },
      verdict: "blocked",
      problem: "allow-origin-wildcard-with-credentials",
    }),
    preset(3, "one-origin-with-cookies", {
      title: "One origin, with cookies",
      text: "The policy names the bookshop and allows credentials. The cookie goes along, and the answer can be read.",
      changes: {
        ...{ server: policy({ origins: shop, credentials: true }), cookies: loggedIn },
        request: { credentials: "include" },
      },
      verdict: "readable",
    }),
    preset(3, "hidden-header", {
      title: "A header that stays hidden",
      text: "The answer has an X-Request-Id, and the script does not see it until the policy exposes it.",
      changes: {
        server: policy({ origins: shop }, { ...plainAnswer, headers: [...plainAnswer.headers, ["X-Request-Id", "7"]] }),
        request: { path: "/books/Dune?fields=all" },
      },
      verdict: "readable",
    }),
    preset(4, "no-header", {
      title: "Somebody else's API",
      text: "The weather service has never heard of CORS. It answers, and the browser holds the answer back.",
      changes: { server: itself, request: { target: "weather", path: "/weather?city=Berlin" } },
      verdict: "blocked",
      problem: "allow-origin-missing",
    }),
    preset(4, "no-cors", {
      title: "mode: no-cors",
      text: "The way that many try first. The request is sent, the answer arrives, and the script reads nothing of it.",
      changes: { server: itself, request: { target: "weather", path: "/weather?city=Berlin", mode: "no-cors" } },
      verdict: "opaque",
    }),
    preset(4, "jsonp", {
      title: "JSONP",
      text: "A script may come from anywhere, so the data come as one. It works, and it lets the other server run what it likes in your page.",
      changes: {
        server: itself,
        request: {
          via: "script",
          target: "weather",
          path: "/weather.js?city=Berlin&callback=receive",
          mode: "no-cors",
        },
      },
      verdict: "loaded",
    }),
    preset(4, "gateway", {
      title: "Through the gateway",
      text: "An intermediary asks the weather service and adds the policy that it lacks. Servers have no same-origin policy.",
      changes: {
        ...{ server: itself, gateway: { policy: { origins: shop }, cache: false, retries: true } },
        request: { target: "weather", path: "/weather?city=Berlin" },
      },
      verdict: "readable",
    }),
    preset(5, "form-like", {
      title: "What a form could send",
      text: "POST with a form's content type: every page could always send that, so nothing is asked beforehand.",
      changes: {
        server: policy({ origins: shop }),
        request: { method: "POST", headers: [["Content-Type", "text/plain"]], body: "hello" },
      },
      verdict: "readable",
    }),
    preset(5, "json", {
      title: "JSON",
      text: "No form can send application/json. The browser asks first, and the policy does not list Content-Type.",
      changes: {
        server: policy({ origins: shop }),
        request: { method: "POST", headers: [json], body: '{"title":"Dune"}' },
      },
      verdict: "blocked",
      problem: "allow-origin-missing",
    }),
    preset(5, "json-allowed", {
      title: "JSON, allowed",
      text: "The policy lists Content-Type. Two requests go over the wire, and the second is the one you wrote.",
      changes: {
        server: policy({ origins: shop, requestHeaders: ["Content-Type"] }),
        request: { method: "POST", headers: [json], body: '{"title":"Dune"}' },
      },
      verdict: "readable",
    }),
    preset(5, "put", {
      title: "PUT",
      text: "GET, HEAD and POST need no permission; every other method does.",
      changes: {
        server: raw([allow(origins.bookshop)], granted(allow(origins.bookshop))),
        request: { method: "PUT", body: "Dune" },
      },
      verdict: "blocked",
      problem: "method-not-allowed",
    }),
    preset(5, "patch-case", {
      title: "patch is not PATCH",
      text: "Browsers write get, post, put and delete in upper case, but not patch. The server allows PATCH.",
      changes: {
        server: raw(
          [allow(origins.bookshop)],
          granted(allow(origins.bookshop), ["Access-Control-Allow-Methods", "PATCH"]),
        ),
        request: { method: "patch", body: "Dune" },
      },
      verdict: "blocked",
      problem: "method-case-mismatch",
    }),
    preset(5, "authorization", {
      title: "A header of one's own",
      text: "The preflight names the header, and the answer allows another.",
      changes: {
        server: raw(
          [allow(origins.bookshop)],
          granted(allow(origins.bookshop), ["Access-Control-Allow-Headers", "X-Request-Id"]),
        ),
        request: { headers: [["Authorization", "Bearer abc"]] },
      },
      verdict: "blocked",
      problem: "header-not-allowed",
    }),
    preset(6, "cached-preflight", {
      title: "Asked once",
      text: "Three times the same request, and one preflight: the policy lets browsers keep the answer for ten minutes.",
      changes: {
        server: policy({ origins: shop, methods: ["PUT"], maxAge: 600 }),
        times: 3,
        request: { method: "PUT" },
      },
      verdict: "readable",
    }),
    preset(6, "uncached-preflight", {
      title: "Asked each time",
      text: "With a max-age of 0 every request has a preflight of its own.",
      changes: { server: policy({ origins: shop, methods: ["PUT"], maxAge: 0 }), times: 3, request: { method: "PUT" } },
      verdict: "readable",
    }),
    preset(7, "safe-read", {
      title: "A read, through a cache",
      text: "GET is safe. The page asks twice, the gateway asks the weather service once: the second answer is its own.",
      changes: {
        ...{ server: itself, gateway: { policy: { origins: shop }, cache: true, retries: true }, times: 2 },
        request: { target: "weather", path: "/weather?city=Berlin" },
      },
      verdict: "readable",
    }),
    preset(7, "repeated-put", {
      title: "A lost answer to PUT",
      text: "The API carries it out, and the answer is lost. PUT is idempotent: the gateway sends it again, and nothing is done twice.",
      changes: {
        server: itself,
        gateway: {
          policy: { origins: shop, methods: ["PUT"], requestHeaders: ["Content-Type"] },
          ...{ cache: false, retries: true },
        },
        lostAnswers: 1,
        request: {
          ...{ target: "books", path: "/books/Solaris", method: "PUT", headers: [json] },
          body: '{"author":"Stanisław Lem","year":1961}',
        },
      },
      verdict: "readable",
    }),
    preset(7, "lost-order", {
      title: "A lost answer to POST",
      text: "The same with an order. POST is not idempotent, so nobody may repeat it: the page is told of an error, although the order was placed.",
      changes: {
        server: raw([]),
        gateway: {
          policy: { origins: shop, requestHeaders: ["Content-Type"] },
          ...{ cache: false, retries: true },
        },
        lostAnswers: 1,
        request: { path: "/orders", method: "POST", headers: [json], body: '{"title":"Dune","copies":1}' },
      },
      verdict: "readable",
    }),
    preset(7, "repeated-order", {
      title: "… with an Idempotency-Key",
      text: "The page names its order with a key. The gateway may repeat it, the API knows the key, and there is one order.",
      changes: {
        server: itself,
        gateway: {
          policy: { origins: shop, requestHeaders: ["Content-Type", "Idempotency-Key"] },
          ...{ cache: false, retries: true },
        },
        lostAnswers: 1,
        request: {
          ...{ target: "books", path: "/orders", method: "POST" },
          headers: [json, ["Idempotency-Key", '"order-1"']],
          body: '{"title":"Dune","copies":1}',
        },
      },
      verdict: "readable",
    }),
    preset(8, "reflected-origin", {
      title: "Every origin, reflected",
      text: "A server that allows whatever origin asks, and credentials, is open: the evil site reads what is yours. Only a browser that keeps cookies from third parties stands in its way.",
      changes: {
        ...{ page: evil, cookies: forAllSites },
        server: raw([allow(origins.evil), ["Access-Control-Allow-Credentials", "true"], vary]),
        request: { credentials: "include" },
      },
      verdict: "readable",
    }),
    preset(8, "null-origin", {
      title: "null is allowed",
      text: "Somebody allowed null for a file on the desktop. Every sandboxed frame of every site is null.",
      changes: { page: { kind: "sandboxed", name: "evil" }, server: raw([allow("null"), vary]) },
      verdict: "readable",
    }),
    preset(8, "missing-vary", {
      title: "Vary is missing",
      text: "The server names whoever asks, and its answer does not say that it depends on that. A cache that keeps it gives one origin's answer to another.",
      changes: { server: raw([allow(origins.bookshop), ["Cache-Control", "max-age=60"]]) },
      verdict: "readable",
    }),
    preset(8, "preflight-401", {
      title: "401 to OPTIONS",
      text: "The API asks for a login before it looks at the method. A preflight never carries one.",
      changes: {
        server: raw([allow(origins.bookshop)], {
          status: 401,
          headers: [allow(origins.bookshop), ["WWW-Authenticate", "Bearer"]],
          body: "",
        }),
        request: { headers: [["Authorization", "Bearer abc"]] },
      },
      verdict: "blocked",
      problem: "preflight-status-not-ok",
    }),
    preset(8, "header-twice", {
      title: "The header twice",
      text: "The application sets it, and the proxy in front of it as well. Browsers accept it once.",
      changes: { server: raw([allow(origins.bookshop), allow(origins.bookshop)]) },
      verdict: "blocked",
      problem: "allow-origin-multiple",
    }),
    preset(8, "redirect", {
      title: "A redirect on the way",
      text: "The books API has moved a path and forgot that a redirect is an answer, too.",
      changes: { server: itself, request: { target: "books", path: "/library" } },
      verdict: "blocked",
      problem: "allow-origin-missing",
    }),
    preset(8, "error-without-cors", {
      title: "An error without the header",
      text: "The application crashes, and its error takes another way out. The page sees a CORS error where a 500 is.",
      changes: {
        server: { kind: "raw", preflight: null, answer: { status: 500, headers: [], body: "Internal Server Error" } },
      },
      verdict: "blocked",
      problem: "allow-origin-missing",
    }),
  ];
}

/** The same for the default ports. */
export const presets: readonly Preset[] = presetsFor(defaultOrigins);
