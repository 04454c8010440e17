import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { crossOriginProtection } from "@corsac/server/node";
import type { LabOrigins } from "../../situation/origins.ts";
import type { StoredCookies } from "../../situation/situation.ts";
import { assetPath } from "../asset-path.ts";
import { answerText } from "../http-origin.ts";
import type { OriginApplication } from "../origin-front.ts";
import { readBody } from "../read-body.ts";
import type { RunRegistry, RunSide } from "../run-registry.ts";
import { answerPage } from "./answer-page.ts";
import { postText } from "./post-text.ts";
import { isLoggedIn, isSameSite, sessionCookieName, sessionCookies } from "./session-cookie.ts";

/** Something that somebody has said. */
export interface Post {
  readonly author: string;
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Why a request was not carried out. */
interface Refusal {
  readonly error: string;
}

/** The social network: who is logged in by its cookie reads and writes posts, whatever page asks. */
export interface SocialNetwork {
  readonly application: OriginApplication;
  /** Newest first. */
  posts(): readonly Post[];
  /** For those who visit it themselves; a run has its own. */
  settings: { protection: boolean; sameSite: StoredCookies["sameSite"] };
  reset(): void;
}

const firstPosts: readonly Post[] = [
  { author: "Bob", text: "Has anybody read Solaris? I could not put it down.", at: "2026-11-20T09:12:00.000Z" },
  { author: "Alice", text: "First snow this morning!", at: "2026-11-19T07:40:00.000Z" },
];

/** Creates the social network, with a few posts. */
export function createSocialNetwork(origins: LabOrigins, registry: RunRegistry): SocialNetwork {
  let posts = [...firstPosts];
  const settings: SocialNetwork["settings"] = { protection: false, sameSite: "Lax" };
  const fileOf = (name: string) => readFileSync(assetPath(`origins/social-network/${name}`), "utf8");
  const page = fileOf("social-network.html").replaceAll("EVIL_ORIGIN", origins.evil);
  const style = fileOf("chirrup.css");

  const answer = async (request: IncomingMessage, response: ServerResponse, side: RunSide | null) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", origins.social);
    switch (`${request.method} ${pathname}`) {
      case "GET /":
        response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" }).end(page);
        return;
      case "GET /chirrup.css":
        response.writeHead(200, { "Content-Type": "text/css; charset=utf-8", "Cache-Control": "no-cache" }).end(style);
        return;
      case "GET /api/settings":
        answerJson(response, 200, settings);
        return;
      case "POST /settings":
        await choose(request, response);
        return;
      case "GET /.lab/prepare":
        prepare(response, searchParams.get("run") ?? "");
        return;
      case "POST /login":
        goHome(response, true);
        return;
      case "POST /logout":
        goHome(response, false);
        return;
      case "GET /api/posts":
        if (mayAnswer(request, response)) answerJson(response, 200, { user: "Alice", posts });
        return;
      case "POST /api/posts":
        if (mayAnswer(request, response)) await publish(request, response, side);
        return;
      default:
        answerText(response, 404, "There is nothing here.");
    }
  };

  function goHome(response: ServerResponse, loggedIn: boolean, fragment = ""): void {
    const cookies = sessionCookies({ loggedIn, sameSite: settings.sameSite });
    response.writeHead(303, { Location: `/${fragment}`, "Set-Cookie": cookies }).end();
  }

  async function choose(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chosen = new URLSearchParams(await readBody(request, 1024));
    const sameSite = chosen.get("sameSite");
    if (isSameSite(sameSite)) settings.sameSite = sameSite;
    settings.protection = chosen.has("protection");
    // Who is logged in gets a cookie of the new kind.
    goHome(response, isLoggedIn(request.headers.cookie), "#saved");
  }

  // Brings the visitor's browser to what a run begins with, then goes on to the page that asks.
  function prepare(response: ServerResponse, token: string): void {
    const run = registry.side(token)?.run;
    if (run === undefined) {
      answerText(response, 410, "This run is over: run it again.");
      return;
    }
    const { page: asking, cookies } = run.situation;
    const origin = asking.kind === "typed" ? origins.lab : origins[asking.name];
    response
      .writeHead(303, {
        Location: `${origin}/.lab/runner`,
        "Set-Cookie": sessionCookies(cookies),
        "Cache-Control": "no-store",
      })
      .end();
  }

  async function publish(request: IncomingMessage, response: ServerResponse, side: RunSide | null): Promise<void> {
    const text = postText(request.headers["content-type"] ?? "", await readBody(request, 16_384));
    if (text === null) {
      answerPost(request, response, 400, { error: "A post has a text of 1 to 500 characters." });
      return;
    }
    const post: Post = { author: "Alice", text, at: new Date().toISOString() };
    // What corsac posts is as real to the server; the wall shows what the visitor's browser has done.
    if (side === null || side.name === "browser") posts = [post, ...posts].slice(0, 100);
    answerPost(request, response, 201, post);
  }

  const isGuarded = (side: RunSide | null) => side?.run.situation.socialProtection ?? settings.protection;
  const guard = crossOriginProtection();
  return {
    application(request, response, side) {
      const go = () =>
        void answer(request, response, side).catch(() => {
          if (!response.headersSent) answerText(response, 400, "This cannot be read.");
        });
      // How the network guards itself is decided on its own page alone.
      if (isGuarded(side) || request.url === "/settings") guard(go)(request, response);
      else go();
    },
    posts: () => posts,
    settings,
    reset() {
      posts = [...firstPosts];
      settings.protection = false;
      settings.sameSite = "Lax";
    },
  };
}

function mayAnswer(request: IncomingMessage, response: ServerResponse): boolean {
  if (isLoggedIn(request.headers.cookie)) return true;
  answerPost(request, response, 401, { error: `Log in first: there is no cookie named ${sessionCookieName}.` });
  return false;
}

/** Answers a post: with a page to whoever comes by a form, with JSON to scripts. */
function answerPost(request: IncomingMessage, response: ServerResponse, status: number, value: Post | Refusal): void {
  if (!(request.headers.accept ?? "").includes("text/html")) {
    answerJson(response, status, value);
    return;
  }
  const words = "error" in value ? value.error : `Posted in your name, ${value.author}: “${value.text}”`;
  response
    .writeHead(status, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" })
    .end(answerPage(words));
}

function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response
    .writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" })
    .end(JSON.stringify(value));
}
