import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** What is kept under a name. */
interface Thing {
  title: string;
  pages: number;
  summary?: string;
  /** Only some faults use it. */
  log?: number[];
}

interface Kept {
  readonly content: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const known = "GET HEAD OPTIONS PUT PATCH POST DELETE TRACE QUERY".split(" ");

/**
 * Things under names, as HTTP has it: `/things` lists and takes new ones, `/things/{name}` is one of them. `does` names
 * the one thing that this shelf does differently, a fault or a habit.
 */
export class Shelf {
  readonly #does: string;
  readonly #things = new Map<string, Thing>([
    ["dune", { title: "Dune", pages: 412, summary: "Sand." }],
    ["emma", { title: "Emma", pages: 474 }],
    ["solaris", { title: "Solaris", pages: 204 }],
  ]);
  readonly #keys = new Map<string, Kept>();
  readonly #running = new Set<string>();
  #settings: { theme: string; history?: string[] } = { theme: "dark" };
  #modified = new Date("2026-01-31T12:00:00Z");
  #counted = 0;
  #isRead = false;
  #made = 0;
  #deletedLast = "";

  constructor(does: string) {
    this.#does = does;
  }

  /** Answers a request to a path below the shelf's own. */
  async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<ServerResponse> {
    const [, route, name] = /^\/([a-z]+)(?:\/([^/?]+))?/.exec(path) ?? [];
    const content = await read(request);
    const url = new URL(request.url ?? "/", "http://localhost");
    const method = this.#methodOf(request, url);
    if (this.#does === "wants-credentials" && request.headers.authorization === undefined) {
      return end(response, 401, { "WWW-Authenticate": "Basic" });
    }
    if (!known.includes(method) && this.#does !== "unknown-method-accepted") {
      const allow: [number, Record<string, string>] = [405, { Allow: this.#allow(route, false) }];
      if (this.#does === "unknown-method-server-error") return end(response, 500, {});
      if (this.#does === "refuses-unknown-methods-with-405") return end(response, ...allow);
      return end(response, 501, {});
    }
    if (method === "OPTIONS") return this.#options(response, route);
    if (method === "TRACE" && this.#does === "trace-echoes") {
      const lines = request.rawHeaders.map((word, index) => word + (index % 2 === 0 ? ": " : "\r\n"));
      return end(response, 200, { "Content-Type": "message/http" }, `TRACE ${request.url}\r\n${lines.join("")}`);
    }
    const isUnknown = !known.includes(method);
    const isTaken = isUnknown || (method === "TRACE" && this.#does === "trace-as-get");
    const isRead = method === "GET" || method === "HEAD" || isTaken;
    switch (route) {
      case "things":
        if (name === undefined) return this.#collection(request, response, isRead ? "GET" : method, content);
        return this.#item(request, response, isRead ? "GET" : method, decodeURIComponent(name), content);
      case "stats":
        if (isRead) return this.#send(request, response, { things: this.#things.size, reads: this.#counted });
        break;
      case "clear":
        if (isRead) {
          if (this.#does === "get-clears") this.#things.delete("solaris");
          return this.#send(request, response, { done: true });
        }
        break;
      case "settings":
        if (isRead) return this.#send(request, response, this.#settings);
        if (method === "PUT") return this.#putSettings(request, response, content);
        break;
      default:
        return end(response, 404, {});
    }
    return this.#refuse(response, route);
  }

  #methodOf({ method = "", headers }: IncomingMessage, url: URL): string {
    const header = headers["x-http-method-override"];
    switch (this.#does) {
      case "override-by-header":
        return method === "GET" && typeof header === "string" ? header : method;
      case "override-to-delete-only":
        return method === "GET" && header === "DELETE" ? header : method;
      case "override-of-post":
        return method === "POST" && typeof header === "string" ? header : method;
      case "override-by-parameter":
        return url.searchParams.get("_method") ?? method;
      default:
        return method;
    }
  }

  #allow(route: string | undefined, isOptions: boolean): string {
    const things = route === "things" ? (isOptions || this.#does !== "allow-inconsistent" ? ["QUERY"] : []) : [];
    const own = route === "settings" ? ["PUT"] : route === "things" ? ["PUT", "PATCH", "POST", "DELETE"] : [];
    const all = ["GET", "HEAD", "OPTIONS", ...things, ...own];
    const left: Readonly<Record<string, string>> = {
      "allow-omits-get": "GET",
      "allow-omits-put": "PUT",
      "head-not-supported": "HEAD",
    };
    return all.filter((method) => method !== left[this.#does]).join(", ");
  }

  // Collections and members allow different methods.
  #allowFor(route: string | undefined, isMember: boolean, isOptions: boolean): string {
    const without = route !== "things" ? [] : isMember ? ["POST", "QUERY"] : ["PUT", "PATCH", "DELETE"];
    return this.#allow(route, isOptions)
      .split(", ")
      .filter((method) => !without.includes(method))
      .join(", ");
  }

  #options(response: ServerResponse, route: string | undefined): ServerResponse {
    const isMember = /\/things\/./.test(response.req.url ?? "");
    switch (this.#does) {
      case "options-500":
        return end(response, 500, {});
      case "options-404":
        return end(response, 404, {});
      case "options-without-allow":
        return end(response, 204, { "Access-Control-Allow-Methods": "GET, PUT" });
      case "options-counts":
        this.#counted++;
    }
    return end(response, 204, { Allow: this.#allowFor(route, isMember, true) });
  }

  #refuse(response: ServerResponse, route: string | undefined): ServerResponse {
    const isMember = /\/things\/./.test(response.req.url ?? "");
    const allow = { Allow: this.#allowFor(route, isMember, this.#does !== "allow-inconsistent") };
    return end(response, 405, this.#does === "allow-missing-in-405" ? {} : allow);
  }

  async #collection(
    request: IncomingMessage,
    response: ServerResponse,
    method: string,
    content: string,
  ): Promise<ServerResponse> {
    const list = [...this.#things].map(([name, { title }]) => ({ name, title }));
    switch (method) {
      case "GET": {
        const counted = /^(?:head|options|query)-counts$/.test(this.#does) ? { counted: this.#counted } : {};
        if (this.#does === "head-counts" && request.method === "HEAD") this.#counted++;
        return this.#send(request, response, { items: list, ...counted });
      }
      case "QUERY": {
        const isNamed = request.headers["content-type"] !== undefined;
        if (!isNamed && this.#does !== "query-without-content-type") return end(response, 400, {});
        if (this.#does === "query-counts" && isNamed) this.#counted++;
        return this.#send(request, response, { items: list.slice(0, 1) });
      }
      case "POST":
        return this.#post(request, response, content);
      default:
        return this.#refuse(response, "things");
    }
  }

  async #post(request: IncomingMessage, response: ServerResponse, content: string): Promise<ServerResponse> {
    const thing = thingFrom(content);
    const key = request.headers["idempotency-key"];
    const isFree = ["idempotency-key-not-required", "no-key"].includes(this.#does);
    if (thing === null) return end(response, 400, {});
    if (typeof key !== "string" || this.#does === "idempotency-key-executed-twice") {
      if (typeof key !== "string" && !isFree) return end(response, 400, {});
      return replay(response, this.#create(thing, content));
    }
    const kept = this.#keys.get(key);
    if (kept !== undefined) {
      if (kept.content !== content && this.#does !== "idempotency-key-reused-for-other-content") {
        return end(response, 422, {});
      }
      if (this.#does === "key-repeated-409") return end(response, 409, {});
      return replay(
        response,
        this.#does === "key-repeated-without-content" ? { ...kept, status: 200, text: "" } : kept,
      );
    }
    if (this.#running.has(key) && this.#does !== "idempotency-key-concurrent-executed-twice") {
      return end(response, 409, {});
    }
    this.#running.add(key);
    // Time for a second request with the same key to arrive.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const created = this.#create(thing, content);
    this.#keys.set(key, created);
    this.#running.delete(key);
    return replay(response, created);
  }

  #create(thing: Thing, content: string): Kept {
    const name = `made-${++this.#made}`;
    this.#store(name, thing);
    const elsewhere: Readonly<Record<string, string>> = { "location-not-found": "nowhere", "location-lies": "dune" };
    const location = `things/${elsewhere[this.#does] ?? name}`;
    const headers = this.#does === "created-without-location" ? {} : { Location: location };
    return { content, status: 201, headers, text: JSON.stringify({ name, ...thing }) };
  }

  #item(
    request: IncomingMessage,
    response: ServerResponse,
    method: string,
    name: string,
    content: string,
  ): ServerResponse {
    const thing = this.#things.get(name);
    switch (method) {
      case "GET":
        if (thing === undefined) return end(response, 404, {});
        return this.#getThing(request, response, name, thing);
      case "PUT":
      case "PATCH":
      case "DELETE": {
        if (method === "DELETE" && this.#does === "allow-lists-refused-method") return this.#refuse(response, "things");
        const failed = this.#failedCondition(request, method, name, thing);
        if (failed !== null) return end(response, failed, {});
        if (method === "DELETE") return this.#delete(response, name, thing);
        return method === "PUT"
          ? this.#put(response, name, thing, content)
          : this.#patch(response, name, thing, content);
      }
      default:
        return this.#refuse(response, "things");
    }
  }

  #getThing(request: IncomingMessage, response: ServerResponse, name: string, thing: Thing): ServerResponse {
    const counted = () => ({ reads: ++this.#counted });
    switch (this.#does) {
      case "get-counts-elsewhere":
        this.#counted++;
        break;
      case "get-counts-itself":
        return this.#send(request, response, {
          name,
          ...thing,
          ...(request.method === "GET" ? counted() : { reads: 0 }),
        });
      case "get-grows-a-list":
        thing.log = [...(thing.log ?? []), 1];
        return this.#send(request, response, { name, ...thing });
      case "get-marks-as-read": {
        const unread = !this.#isRead;
        this.#isRead = true;
        return this.#send(request, response, { name, ...thing, unread });
      }
      case "serves-the-time":
        return this.#send(request, response, {
          name,
          ...thing,
          servedAt: new Date().toISOString(),
          random: Math.random(),
        });
    }
    return this.#send(request, response, { name, ...thing });
  }

  #failedCondition(request: IncomingMessage, method: string, name: string, thing: Thing | undefined): number | null {
    const { "if-match": match, "if-none-match": noneMatch } = request.headers;
    const tag = thing === undefined ? null : this.#tagOf(JSON.stringify({ name, ...thing }));
    const ignores = this.#does === `${method.toLowerCase()}-ignores-if-match`;
    if (match !== undefined && tag !== null && !ignores) {
      const isWeak = this.#does === "if-match-weakly-compared";
      const given = isWeak ? match.replace(/^W\//, "") : match;
      if (given !== "*" && (given !== tag || tag.startsWith("W/"))) return 412;
    }
    if (noneMatch === "*" && thing !== undefined && this.#does !== "if-none-match-star-ignored") return 412;
    const isUnconditional = match === undefined && noneMatch === undefined;
    return this.#does === "insists-on-conditions" && isUnconditional && (thing !== undefined || method === "PUT")
      ? 428
      : null;
  }

  #put(response: ServerResponse, name: string, old: Thing | undefined, content: string): ServerResponse {
    const given = thingFrom(content);
    if (given === null) return end(response, 400, {});
    if (this.#does === "gives-out-ids" && old === undefined) return end(response, 404, {});
    if (this.#does === "put-fails-when-repeated" && JSON.stringify(old) === JSON.stringify(given)) {
      return end(response, 500, {});
    }
    if (this.#does === "put-creates-another" && old !== undefined) this.#store(`${name}-${this.#things.size}`, given);
    const log = this.#does === "put-appends" ? { log: [...(old?.log ?? []), 1] } : {};
    const merged = this.#does === "put-merges" ? { ...old, ...given } : given;
    if (this.#does !== "put-not-effective" || old === undefined) this.#store(name, { ...merged, ...log });
    const created = this.#does === "put-created-not-201" ? 204 : 201;
    return end(response, old === undefined || this.#does === "put-replaced-with-201" ? created : 204, {});
  }

  #patch(response: ServerResponse, name: string, old: Thing | undefined, content: string): ServerResponse {
    if (old === undefined) return end(response, 404, {});
    this.#store(name, { ...old, ...JSON.parse(content) });
    return end(response, 204, {});
  }

  #delete(response: ServerResponse, name: string, old: Thing | undefined): ServerResponse {
    if (old === undefined) {
      const isRepeated = this.#deletedLast === name;
      if (isRepeated && this.#does === "delete-fails-when-repeated") return end(response, 500, {});
      if (isRepeated && this.#does === "delete-takes-the-next") this.#things.delete([...this.#things.keys()][0] ?? "");
      return end(response, this.#does === "delete-again-204" ? 204 : 404, {});
    }
    this.#deletedLast = name;
    if (this.#does !== "delete-not-effective") this.#things.delete(name);
    this.#modified = new Date();
    return end(response, 204, {});
  }

  #putSettings(request: IncomingMessage, response: ServerResponse, content: string): ServerResponse {
    const tag = this.#tagOf(JSON.stringify(this.#settings));
    const { "if-match": match, "if-none-match": noneMatch } = request.headers;
    if ((match !== undefined && (match !== tag || tag.startsWith("W/"))) || noneMatch === "*")
      return end(response, 412, {});
    const { history = [] } = this.#settings;
    this.#settings = JSON.parse(content);
    if (this.#does === "put-settings-appends") this.#settings.history = [...history, "changed"];
    this.#modified = new Date();
    return end(response, 204, {});
  }

  #store(name: string, thing: Thing): void {
    this.#things.set(name, thing);
    // As if a second had passed, which is all that Last-Modified can tell.
    this.#modified = this.#does === "dates-every-write" ? new Date(this.#modified.getTime() + 1000) : new Date();
  }

  #tagOf(text: string): string {
    const hash = createHash("sha256").update(text).digest("base64url").slice(0, 12);
    switch (this.#does) {
      case "etag-malformed":
        return hash;
      case "etag-unstable":
        return `"${Math.random()}"`;
      case "etag-unchanged-after-change":
        return `"1"`;
      case "weak-etags":
        return `W/"${hash}"`;
      default:
        return `"${hash}"`;
    }
  }

  /** Answers a read: validators, conditions, HEAD. */
  #send(request: IncomingMessage, response: ServerResponse, value: object): ServerResponse {
    const does = this.#does;
    const text = JSON.stringify(value);
    const modified = this.#modified.toUTCString();
    const isHead = request.method === "HEAD";
    if (isHead && does === "head-not-supported") return this.#refuse(response, "things");
    if (isHead && does === "head-other-status") return end(response, 204, {});
    const tag = this.#tagOf(text);
    const hasTag = !["validators-missing", "last-modified-only", "if-modified-since-ignored"].includes(does);
    const hasDate = !["validators-missing"].includes(does);
    const headers: Record<string, string> = {
      ...(does === "cache-control-missing" ? {} : { "Cache-Control": does === "no-store" ? "no-store" : "no-cache" }),
      Vary: "Accept-Encoding",
      ...(hasTag && !(isHead && does === "head-lacks-etag") ? { ETag: tag } : {}),
      ...(hasDate ? { "Last-Modified": modified } : {}),
    };
    const status = request.method === "GET" || isHead ? this.#notModified(request, hasTag ? tag : null) : null;
    if (status !== null) return end(response, status, does === "not-modified-lacks-header" ? {} : headers);
    const length = Buffer.byteLength(text) + (isHead && does === "head-other-length" ? 1 : 0);
    return end(
      response,
      200,
      { ...headers, "Content-Type": "application/json", "Content-Length": String(length) },
      text,
    );
  }

  #notModified({ headers }: IncomingMessage, tag: string | null): number | null {
    const { "if-none-match": noneMatch, "if-modified-since": since } = headers;
    const does = this.#does;
    const isOld = since !== undefined && Math.floor(this.#modified.getTime() / 1000) * 1000 <= Date.parse(since);
    if (noneMatch === undefined || tag === null) {
      return isOld && does !== "if-modified-since-ignored" && does !== "validators-missing" ? 304 : null;
    }
    if (does === "not-modified-always" || (does === "not-modified-by-date" && isOld)) return 304;
    if (does === "if-none-match-ignored") return null;
    const strip = (each: string) => each.trim().replace(/^W\//, "");
    const isMatch =
      does === "if-none-match-compared-wrongly"
        ? noneMatch === tag
        : noneMatch === "*" || noneMatch.split(",").some((each) => strip(each) === strip(tag));
    return isMatch ? (does === "if-none-match-412" ? 412 : 304) : null;
  }
}

function replay(response: ServerResponse, { status, headers, text }: Kept): ServerResponse {
  return end(response, status, { ...headers, "Content-Type": "application/json" }, text);
}

function end(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  text = "",
): ServerResponse {
  return response.writeHead(status, headers).end(text);
}

async function read(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

function thingFrom(content: string): Thing | null {
  try {
    const { title, pages, summary } = JSON.parse(content) as Partial<Thing>;
    if (typeof title !== "string" || typeof pages !== "number") return null;
    return { title, pages, ...(summary === undefined ? {} : { summary }) };
  } catch {
    return null;
  }
}
