import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { pageFetcher } from "../../test/page-fetcher.ts";
import { Browser } from "../browser.ts";
import { EventSource, type EventSourceInit } from "./event-source.ts";

const page = "http://app.localhost:1/";
const cleanups: Array<() => unknown> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void) {
  const requests: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(request);
    answer(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  return { origin: `http://localhost:${(server.address() as { port: number }).port}`, requests };
}

const allowed = { "Content-Type": "text/event-stream", "Access-Control-Allow-Origin": "http://app.localhost:1" };

/** Opens a source and writes down its events until `isEnough`. */
async function record(url: string, isEnough: (log: string[]) => boolean, init?: EventSourceInit, types: string[] = []) {
  const source = new EventSource(url, init, pageFetcher(page));
  cleanups.push(() => source.close());
  const log: string[] = [];
  await new Promise<void>((resolve) => {
    for (const type of ["open", "error", "message", ...types]) {
      source.addEventListener(type, (event) => {
        const data = event instanceof MessageEvent ? ` ${event.data}` : "";
        log.push(`${event.type}${data} (${source.readyState})`);
        if (isEnough(log)) resolve();
      });
    }
  });
  return { source, log };
}

test("opens, reads events of every type, and tells their origin", async () => {
  const { origin, requests } = await serve((_, response) => {
    response.writeHead(200, allowed);
    response.write("id: 7\ndata: one\n\nevent: news\ndata: two\n\n");
  });
  const events: MessageEvent[] = [];
  const source = new EventSource(`${origin}/a#b`, undefined, pageFetcher(page));
  cleanups.push(() => source.close());
  await new Promise<void>((resolve) => {
    source.onmessage = (event) => events.push(event);
    source.addEventListener("news", (event) => {
      events.push(event as MessageEvent);
      resolve();
    });
  });
  expect(source).toMatchObject({ url: `${origin}/a#b`, withCredentials: false, readyState: EventSource.OPEN });
  expect(events.map(({ type, data, origin, lastEventId }) => ({ type, data, origin, lastEventId }))).toEqual([
    { type: "message", data: "one", origin, lastEventId: "7" },
    { type: "news", data: "two", origin, lastEventId: "7" },
  ]);
  expect(requests[0]?.headers).toMatchObject({
    accept: "text/event-stream",
    "cache-control": "no-cache",
    origin: "http://app.localhost:1",
    "sec-fetch-mode": "cors",
    "sec-fetch-dest": "empty",
  });
  expect(requests).toHaveLength(1);
});

test("a stream that ends is taken up again after the last event", async () => {
  const { origin, requests } = await serve((_, response, count) => {
    response.writeHead(200, allowed);
    response.end(`retry: 1\nid: \u00e9${count}\ndata: ${count}\n\n`);
  });
  const { log } = await record(origin, (log) => log.length >= 6);
  expect(log).toEqual(["open (1)", "message 1 (1)", "error (0)", "open (1)", "message 2 (1)", "error (0)"]);
  expect(requests.slice(0, 2).map(({ headers }) => headers["last-event-id"])).toEqual([
    undefined,
    Buffer.from("\u00e91").toString("latin1"),
  ]);
  // Last-Event-ID comes from no script: it needs no preflight.
  expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
});

test("a connection that breaks is taken up again", async () => {
  const { origin } = await serve((request, response, count) => {
    response.writeHead(200, allowed);
    response.write("retry: 1\ndata: x\n\n");
    if (count === 1) setImmediate(() => request.socket.destroy());
  });
  const { log } = await record(origin, (log) => log.filter((entry) => entry.startsWith("message")).length === 2);
  expect(log).toEqual(["open (1)", "message x (1)", "error (0)", "open (1)", "message x (1)"]);
});

const failures: Array<{ title: string; status?: number; headers: Record<string, string>; init?: EventSourceInit }> = [
  { title: "no Access-Control-Allow-Origin", headers: { "Content-Type": "text/event-stream" } },
  { title: "another origin", headers: { ...allowed, "Access-Control-Allow-Origin": "null" } },
  {
    title: "withCredentials without Access-Control-Allow-Credentials",
    headers: allowed,
    init: { withCredentials: true },
  },
  { title: "another type", headers: { ...allowed, "Content-Type": "text/plain" } },
  { title: "no type", headers: { "Access-Control-Allow-Origin": "*" } },
  { title: "404", status: 404, headers: allowed },
  { title: "204", status: 204, headers: allowed },
];
test.each(failures)("$title fails for good", async ({ status = 200, headers, init }) => {
  const { origin, requests } = await serve((_, response) => {
    response.writeHead(status, headers);
    response.end(status === 204 ? undefined : "data: x\n\n");
  });
  const { log } = await record(origin, (log) => log.length > 0, init);
  expect(log).toEqual(["error (2)"]);
  expect(requests).toHaveLength(1);
});

test.each(["text/event-stream;charset=utf-8", "TEXT/Event-Stream ; x=y"])("%s is an event stream", async (type) => {
  const { origin } = await serve((_, response) => {
    response.writeHead(200, { ...allowed, "Content-Type": type });
    response.write(": hello\n");
  });
  expect((await record(origin, (log) => log.length > 0)).log).toEqual(["open (1)"]);
});

describe("close", () => {
  test("ends the connection and every event", async () => {
    let closed = (): void => {};
    const onClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const { origin } = await serve((_, response) => {
      response.on("close", () => closed());
      response.writeHead(200, allowed);
      response.write("data: 1\n\ndata: 2\n\n");
    });
    const source = new EventSource(origin, undefined, pageFetcher(page));
    const log: string[] = [];
    source.onerror = () => log.push("error");
    await new Promise<void>((resolve) => {
      source.onmessage = (event) => {
        log.push(event.data);
        source.close();
        resolve();
      };
    });
    await onClosed;
    expect(source.readyState).toBe(EventSource.CLOSED);
    expect(log).toEqual(["1"]);
  });

  test("the browser's does the same, also while it waits to connect again", async () => {
    const { origin, requests } = await serve((_, response) => {
      response.writeHead(200, allowed);
      response.end("retry: 20\n\n");
    });
    const browser = new Browser();
    const source = browser.open(page).eventSource(origin);
    await new Promise((resolve) => source.addEventListener("error", resolve));
    await browser.close();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(source.readyState).toBe(EventSource.CLOSED);
    expect(requests).toHaveLength(1);
  });

  test("inside an error listener, no connection is made again", async () => {
    const { origin, requests } = await serve((_, response) => {
      response.writeHead(200, allowed);
      response.end("retry: 1\n\n");
    });
    const source = new EventSource(origin, undefined, pageFetcher(page));
    await new Promise<void>((resolve) => {
      source.onerror = () => {
        source.close();
        setTimeout(resolve, 50);
      };
    });
    expect(requests).toHaveLength(1);
    expect(source.readyState).toBe(EventSource.CLOSED);
  });
});

test("a relative URL is the page's; what is none is a SyntaxError", () => {
  const environment = pageFetcher("http://app.localhost:1/dir/");
  const source = new EventSource("events?a", undefined, environment);
  source.close();
  expect(source.url).toBe("http://app.localhost:1/dir/events?a");
  expect(() => new EventSource("http://", undefined, environment)).toThrow(
    expect.objectContaining({ name: "SyntaxError" }),
  );
});
