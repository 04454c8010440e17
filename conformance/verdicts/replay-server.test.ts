import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadBrowsers, loadObservations, loadScenarios } from "./load-verdicts.ts";
import { ReplayServer } from "./replay-server.ts";
import type { Scenario, WireRequest } from "./verdict.ts";

const scenarios = new Map(loadScenarios().map((scenario) => [scenario.id, scenario]));
const usual = loadBrowsers().chromium.defaultHeaders;
let server: ReplayServer;

beforeAll(async () => {
  server = await ReplayServer.start(Object.fromEntries(Object.entries(usual).map(([name, value]) => [name, [value]])));
});
afterAll(() => server.close());

function openSocket(url: URL): Socket {
  const host = url.hostname === "[::1]" ? "::1" : "127.0.0.1";
  const port = Number(url.port);
  return url.protocol === "https:" ? connectTls({ host, port, rejectUnauthorized: false }) : connectTcp({ host, port });
}

/** Sends bytes and gives what comes back until the connection closes or the answer is complete. */
function exchange(url: URL, bytes: Buffer, isComplete: (answer: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    const socket = openSocket(url);
    let answer = "";
    const finish = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString("latin1");
      if (isComplete(answer)) finish();
    });
    socket.on("close", finish);
    socket.on("error", finish);
    socket.write(bytes);
  });
}

function requestBytes(request: WireRequest, url: URL): Buffer {
  const body = Buffer.from(request.body ?? "", "latin1");
  const lines = [
    `${request.method} ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    "Connection: keep-alive",
    ...Object.entries(usual)
      .filter(([name]) => !request.headers.some((pair) => pair[0] === name))
      .map((pair) => pair.join(": ")),
    ...request.headers.map((pair) => pair.join(": ")),
    ...(body.length > 0 ? [`Content-Length: ${body.length}`] : []),
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), body]);
}

function scenario(server: Scenario["server"]): Scenario {
  return {
    id: "own-1",
    group: "own",
    kind: "systematic",
    note: "",
    page: { origin: "http://localhost:{P1}" },
    steps: [{ url: "http://localhost:{P1}/s/own-1/a" }],
    server,
  };
}

async function answers(responses: Scenario["server"][string], request: string, times = 1): Promise<string[]> {
  const replay = server.begin(scenario({ "http://localhost:{P1}/s/own-1/a": responses }));
  replay.enterStep(0);
  const url = new URL(server.ports.fill("http://localhost:{P1}/s/own-1/a"));
  const bytes = Buffer.from(request.replaceAll("{host}", url.host), "latin1");
  const seen: string[] = [];
  for (let time = 0; time < times; time += 1) {
    seen.push(await exchange(url, bytes, (answer) => /\r\n\r\n(?:|hello|other|no such URL\n)$/.test(answer)));
  }
  server.end(replay);
  return seen;
}

const get = "GET /s/own-1/a HTTP/1.1\r\nHost: {host}\r\n\r\n";
const preflight = "OPTIONS /s/own-1/a HTTP/1.1\r\nHost: {host}\r\nAccess-Control-Request-Method: PUT\r\n\r\n";

describe("answers", () => {
  test("header lines are written as they stand, one byte per character", async () => {
    const headers = [
      ["X-Odd ", " \u00e9\t"],
      ["x-odd", "twice"],
    ] as const;
    const [answer] = await answers({ actual: [{ status: 200, headers, body: "hello" }] }, get);
    expect(answer).toBe("HTTP/1.1 200 OK\r\nX-Odd :  \u00e9\t\r\nx-odd: twice\r\nContent-Length: 5\r\n\r\nhello");
  });

  test("the n-th request of a kind gets the n-th answer, later ones the last", async () => {
    const actual = [
      { status: 200, headers: [], body: "hello" },
      { status: 418, headers: [], body: "other" },
    ];
    const seen = await answers({ actual }, get, 3);
    expect(seen.map((answer) => answer.slice(9, 12))).toEqual(["200", "418", "418"]);
  });

  test("a preflight and an actual request have lists of their own", async () => {
    const lists = { preflight: [{ status: 204, headers: [] }], actual: [{ status: 200, headers: [], body: "hello" }] };
    expect(await answers(lists, preflight)).toEqual(["HTTP/1.1 204 No Content\r\n\r\n"]);
    expect(await answers({ actual: lists.actual }, preflight)).toEqual([
      "HTTP/1.1 404 Not Found\r\nContent-Length: 12\r\n\r\nno such URL\n",
    ]);
  });

  test("HEAD and 304 get no body, a listed Content-Length is not added", async () => {
    const actual = [{ status: 200, headers: [["Content-Length", "5"]], body: "hello" }] as const;
    expect(await answers({ actual }, get.replace("GET", "HEAD"))).toEqual([
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
    ]);
    expect(await answers({ actual: [{ status: 304, headers: [], body: "hello" }] }, get)).toEqual([
      "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    ]);
  });

  test("drop closes the connection without an answer", async () => {
    expect(await answers({ actual: [{ status: 0, headers: [], drop: true }] }, get)).toEqual([""]);
  });
});

// A body that the recording cut or whose boundary it hid cannot be sent again, nor can what frames a request.
const framing = new Set(["host", "connection", "content-length"]);
const whole = ({ body = "", headers }: WireRequest) =>
  body.length < 300 && !body.includes("<boundary>") && !headers.some(([name]) => framing.has(name));

describe("the wire log", () => {
  const observations = [...loadObservations("chromium").values()].filter(
    ({ wire }, index) => index % 7 === 0 && wire.length > 0 && wire.every(whole),
  );

  test("recorded requests, sent again, are logged as they were recorded", async () => {
    for (const { id, wire } of observations) {
      const replay = server.begin(scenarios.get(id) as Scenario);
      for (const request of wire) {
        replay.enterStep(request.step);
        const url = new URL(server.ports.fill(request.url));
        const bytes = requestBytes(server.ports.fillValue(request), url);
        await exchange(url, bytes, (answer) => answer.includes("\r\n\r\n"));
      }
      server.end(replay);
      expect(replay.wire, id).toEqual(wire);
    }
    expect(observations.length).toBeGreaterThan(300);
  });
});
