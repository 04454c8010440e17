import { createServer, type ServerResponse } from "node:http";
import Koa from "koa";
import Koa2 from "koa2";
import { cors, crossOriginProtection } from "../src/adapters/koa.ts";
import {
  type Behaviour,
  bodyLimit,
  fetchBehaviours,
  foreignHeaders,
  type Harness,
  type Mount,
  pieces,
  tags,
} from "./application.ts";
import { listen } from "./listen.ts";
import { rawReply } from "./raw-reply.ts";

export const koa3Harness: Harness = createHarness("koa 3", () => new Koa());
// The types of both versions take the middleware; the calls below are the same in both.
export const koa2Harness: Harness = createHarness("koa 2", () => new Koa2() as unknown as Koa);
new Koa2().use(cors({ origins: "*" }));

function createHarness(name: string, create: () => Koa): Harness {
  return {
    name,
    lacks: [...fetchBehaviours, "raw-respond"],
    statuses: { missing: 404, malformed: 404 },
    start(mounts) {
      const app = create();
      app.silent = true;
      for (const mount of mounts) use(app, mount);
      return listen(createServer(app.callback()));
    },
  };
}

/** Koa has no router: middleware that looks at the path is one. */
function use(app: Koa, { path, policies, protection }: Mount): void {
  const only =
    (middleware: Koa.Middleware): Koa.Middleware =>
    (context, next) =>
      context.path.startsWith(`${path}/`) ? middleware(context, next) : next();
  for (const policy of policies) app.use(only(cors(policy)));
  if (protection !== undefined) app.use(only(crossOriginProtection(protection)));
  app.use(only((context, next) => (context.path === `${path}/early` ? context.throw(401) : next())));
  app.use(only((context) => answer(context.path.slice(path.length + 1) as Behaviour, context)));
}

async function answer(name: Behaviour, context: Koa.Context): Promise<void> {
  switch (name) {
    case "text":
      if (context.method === "OPTIONS") context.set("Allow", "GET, OPTIONS");
      context.body = "text";
      break;
    case "tagged":
      context.set(tags);
      context.body = "tagged";
      break;
    case "vary":
      context.set("Vary", "Accept-Language");
      context.body = "vary";
      break;
    case "vary-all":
      context.set("Vary", "*");
      context.body = "vary";
      break;
    case "foreign":
      context.set(foreignHeaders);
      context.body = "foreign";
      break;
    case "empty":
      context.status = 204;
      break;
    case "not-modified":
      context.status = 304;
      break;
    case "redirect":
      context.redirect("text");
      break;
    case "stream":
      context.respond = false;
      context.res.statusCode = 200;
      for (const piece of pieces) context.res.write(piece);
      context.res.end();
      break;
    case "throw-error":
      throw new Error("thrown");
    case "throw-string":
      // biome-ignore lint/style/useThrowOnlyError: what applications do.
      throw "thrown";
    case "throw-null":
      // biome-ignore lint/style/useThrowOnlyError: what applications do.
      throw null;
    case "reject":
      await Promise.reject(new Error("rejected"));
      break;
    case "json": {
      let body = "";
      for await (const chunk of context.req) body += chunk;
      if (body.length > bodyLimit) context.throw(413);
      context.body = JSON.parse(body);
      break;
    }
    default:
      if (!name.startsWith("raw-")) return;
      context.respond = false;
      rawReply(name, context.res as ServerResponse);
  }
}
