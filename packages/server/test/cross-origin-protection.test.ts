import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Browser, type Page } from "@corsac/browser";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { cors, crossOriginProtection } from "../src/adapters/node.ts";
import {
  type CrossOriginProtection,
  createCrossOriginProtection,
  serializeRefusal,
} from "../src/cross-origin-protection/index.ts";

/** A policy that lets every page of the web send whatever it likes: nothing but the protection is left. */
const permissive = cors({ origins: "*", methods: "*", requestHeaders: "*" });

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

/** Requests that reached the application: method, body. */
let effects: string[] = [];
/** Bodies of the answers to what was refused. */
let refusals: string[] = [];
/** Called when either list grows. */
let arrived: () => void = () => {};
beforeEach(() => {
  effects = [];
  refusals = [];
});

function application(protection: CrossOriginProtection = createCrossOriginProtection()): Server {
  const protectedListener = crossOriginProtection(protection)((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      effects.push(`${request.method} ${Buffer.concat(chunks)}`.trim());
      response.end("done");
      arrived();
    });
  });
  const server = createServer(
    permissive((request: IncomingMessage, response: ServerResponse) => {
      response.on("finish", () => {
        if (response.statusCode !== 403) return;
        refusals.push(String(response.getHeader("cache-control")));
        arrived();
      });
      protectedListener(request, response);
    }),
  );
  server.on("upgrade", (request: IncomingMessage, socket) => {
    const verdict = protection.check(request);
    if (!verdict.ok) {
      refusals.push(verdict.code);
      socket.end(serializeRefusal(verdict));
      return;
    }
    effects.push("WebSocket");
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    socket.end(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
  });
  servers.push(server);
  return server;
}

async function onLoopback(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const fields: [string, string][] = [["amount", "1000"]];

/** What a page can do to make a browser send something unsafe. */
const attempts: Record<string, (page: Page, target: string) => Promise<unknown> | unknown> = {
  form: (page, action) => page.submit({ action, method: "post", fields }),
  "form in a frame": (page, action) => page.submit({ action, method: "post", fields, target: "frame" }),
  "form that looks like JSON": (page, action) =>
    page.submit({ action, method: "post", enctype: "text/plain", fields: [['{"amount":1000,"x":"', '"}']] }),
  "form with a file": (page, action) => page.submit({ action, method: "post", enctype: "multipart/form-data", fields }),
  "no-cors fetch": (page, url) =>
    page.fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body: "amount=1000" }),
  "no-cors fetch without referrer": (page, url) =>
    page.fetch(url, { method: "POST", mode: "no-cors", referrerPolicy: "no-referrer", body: "amount=1000" }),
  "cors fetch": (page, url) => page.fetch(url, { method: "POST", body: "amount=1000" }),
  "cors fetch of JSON": (page, url) =>
    page.fetch(url, { method: "PUT", headers: { "content-type": "application/json" }, body: "{}" }),
  DELETE: (page, url) => page.fetch(url, { method: "DELETE" }),
  beacon: (page, url) => page.beacon(url, "amount=1000"),
};

/** Waits until what the page sent has been judged; a beacon tells nobody. */
async function attempt(page: Page, name: string, target: string): Promise<void> {
  const judged = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  await Promise.resolve(attempts[name]?.(page, target)).catch(() => {});
  await judged;
}

describe.each(["standard", "chromium", "firefox", "webkit"] as const)("pages of %s", (profile) => {
  describe.each([
    // Sec-Fetch-Site tells.
    ["https://app.example", "https://evil.example/"],
    ["https://app.example", "https://blog.app.example/"],
    ["https://app.example", "http://app.example/"],
    // Nothing but Origin does: browsers send no Sec-Fetch-Site over http.
    ["http://app.example", "http://evil.example/"],
    ["http://app.example", "http://blog.app.example/"],
    ["http://app.example", "http://app.example:8080/"],
  ])("against %s at %s", (target, from) => {
    test.each(Object.keys(attempts))("%s is refused", async (name) => {
      const browser = new Browser({ profile });
      browser.route(target, application());
      await attempt(browser.open(from), name, `${target}/transfer`);
      expect(effects).toEqual([]);
      expect(refusals).toEqual(["no-store"]);
    });
  });

  test.each(Object.keys(attempts))("%s of a sandboxed frame is refused, even inside the application", async (name) => {
    for (const target of ["https://app.example", "http://app.example"]) {
      const browser = new Browser({ profile });
      browser.route(target, application());
      const frame = browser.open(`${target}/`).frame("/widget", { sandbox: ["allow-scripts", "allow-forms"] });
      await attempt(frame, name, `${target}/transfer`);
      // WebKit gives a frame's beacon the origin of the page around it; over http there is nothing else to go by.
      const isDisguised = profile === "webkit" && name === "beacon" && target.startsWith("http:");
      expect(effects).toHaveLength(isDisguised ? 1 : 0);
    }
  });

  test.each(Object.keys(attempts))("%s of the application's own pages is allowed", async (name) => {
    for (const target of ["https://app.example", "http://app.example:8080", await onLoopback(application())]) {
      effects = [];
      const browser = new Browser({ profile });
      if (target.includes("example")) browser.route(target, application());
      // Over http nothing tells the application's no-referrer requests from those of a sandboxed frame.
      if (name === "no-cors fetch without referrer" && target.includes("http://app")) continue;
      await attempt(browser.open(`${target}/`), name, `${target}/transfer`);
      expect(effects).toHaveLength(1);
      expect(refusals).toEqual([]);
    }
  });

  test.each(Object.keys(attempts))("%s of a trusted origin is allowed", async (name) => {
    for (const target of ["https://app.example", "http://app.example"]) {
      effects = [];
      const partner = target.replace("app", "partner");
      const browser = new Browser({ profile });
      browser.route(target, application(createCrossOriginProtection({ trustedOrigins: [partner] })));
      // Its Origin may be null, and null is nobody's.
      if (name === "no-cors fetch without referrer") continue;
      await attempt(browser.open(`${partner}/`), name, `${target}/transfer`);
      expect(effects).toHaveLength(1);
    }
  });

  test("a form on a page without referrer: https tells that it is the application's own, http cannot", async () => {
    for (const [target, reached] of [
      ["https://app.example", 1],
      ["http://app.example", 0],
    ] as const) {
      effects = [];
      const browser = new Browser({ profile });
      browser.route(target, application());
      const page = browser.open(`${target}/`, { headers: [["Referrer-Policy", "no-referrer"]] });
      await attempt(page, "form", `${target}/transfer`);
      expect(effects).toHaveLength(reached);
    }
  });

  test("DNS rebinding: the browser takes the page for one of the application's own, publicOrigins does not", async () => {
    const publicOrigins = ["https://app.example"];
    for (const [protection, reached] of [
      [createCrossOriginProtection(), 1],
      [createCrossOriginProtection({ publicOrigins }), 0],
    ] as const) {
      effects = [];
      const browser = new Browser({ profile });
      // The name leads to the application's server now.
      browser.route("http://rebound.example", application(protection));
      await attempt(browser.open("http://rebound.example/"), "cors fetch", "http://rebound.example/transfer");
      expect(effects).toHaveLength(reached);
    }
  });

  test("WebSocket handshakes: the application's own pages only", async () => {
    const target = await onLoopback(application());
    const browser = new Browser({ profile });
    for (const [from, outcome] of [
      [`${target}/`, "open"],
      ["http://evil.example/", "error"],
      ["http://127.0.0.1:1/", "error"],
    ] as const) {
      effects = [];
      const socket = browser.open(from).webSocket(target.replace("http", "ws"));
      const event = await new Promise((resolve) => {
        for (const type of ["open", "error"]) socket.addEventListener(type, () => resolve(type));
      });
      expect([from, event, effects]).toEqual([from, outcome, outcome === "open" ? ["WebSocket"] : []]);
    }
    expect(refusals).toHaveLength(2);
  });
});

test("who is no browser is let through, and told why not when it is not", async () => {
  const target = await onLoopback(application());
  expect((await fetch(target, { method: "POST", body: "{}" })).status).toBe(200);
  const response = await fetch(target, { method: "POST", headers: { origin: "https://evil.example" }, body: "{}" });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ code: "cross-origin" });
});
