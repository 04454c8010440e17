import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import type { NetworkResponse } from "@corsac/protocol";
import { afterEach, describe, expect, test } from "vitest";
import { networkRequest } from "../../test/network-request.ts";
import { testAuthority, testCertificate } from "../../test/tls-certificate.ts";
import type { BodySource } from "../body-source.ts";
import { Transport } from "./transport.ts";

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function transport(options: ConstructorParameters<typeof Transport>[0]): Transport {
  const created = new Transport(options);
  closing.push(() => created.close());
  return created;
}

async function listen(server: Pick<Server, "address" | "close" | "listen">): Promise<number> {
  const sockets = new Set<Socket>();
  (server as Server).on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  );
  return (server.address() as { port: number }).port;
}

const secureServer = () =>
  listen(createTlsServer(testCertificate, (request, response) => response.end(`hello ${request.headers.host}`)));

async function text(response: NetworkResponse): Promise<string> {
  if (response.kind === "network-error") return `${response.reason}: ${response.message}`;
  return Buffer.from(await (response.body as BodySource).bytes()).toString();
}

describe("certificates", () => {
  test("an unknown authority is a TLS error with a sentence", async () => {
    const port = await secureServer();
    expect(await transport({}).send(networkRequest(`https://localhost:${port}/`), [])).toMatchObject({
      kind: "network-error",
      reason: "tls",
      message:
        "the server does not send the certificates of the authorities in between (UNABLE_TO_VERIFY_LEAF_SIGNATURE)",
    });
  });

  test("ca adds the authority", async () => {
    const port = await secureServer();
    const network = transport({ ca: testAuthority });
    for (const host of ["localhost", "api.localhost", "127.0.0.1"]) {
      expect(await text(await network.send(networkRequest(`https://${host}:${port}/`), []))).toBe(
        `hello ${host}:${port}`,
      );
    }
  });

  test("a certificate of another name is a TLS error", async () => {
    const port = await secureServer();
    const network = transport({ ca: testAuthority, resolve: { [`other.example:${port}`]: "127.0.0.1" } });
    const response = await network.send(networkRequest(`https://other.example:${port}/`), []);
    expect(await text(response)).toBe(
      "tls: the certificate is not for other.example " +
        "but for localhost, api.localhost, api.example, 127.0.0.1, 0:0:0:0:0:0:0:1",
    );
  });

  test("resolve keeps the name that the certificate is checked against", async () => {
    const port = await secureServer();
    const network = transport({ ca: testAuthority, resolve: { [`api.example:${port}`]: "127.0.0.1" } });
    expect(await text(await network.send(networkRequest(`https://api.example:${port}/`), []))).toBe(
      `hello api.example:${port}`,
    );
  });

  test("rejectUnauthorized false takes any certificate", async () => {
    const port = await secureServer();
    const network = transport({ rejectUnauthorized: false, resolve: { [`other.example:${port}`]: "127.0.0.1" } });
    expect(await text(await network.send(networkRequest(`https://other.example:${port}/`), []))).toContain("hello");
  });

  test("a connection that ends during the handshake is a closed connection", async () => {
    const server = createTcpServer((socket) => socket.on("error", () => {}).destroy());
    const port = await listen(server as unknown as Server);
    expect(await transport({}).send(networkRequest(`https://127.0.0.1:${port}/`), [])).toMatchObject({
      reason: "connection-closed",
    });
  });
});

describe("HTTP/2", () => {
  const echo = async () =>
    listen(
      createSecureServer({ ...testCertificate, allowHTTP1: true }, async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        response.setHeader("X-Version", request.httpVersion);
        response.setHeader("Set-Cookie", ["a=1", "b=2"]);
        response.setHeader("X-Latin", "caf\xe9");
        response.end(`${request.method} ${request.headers["x-custom"] ?? ""} ${Buffer.concat(chunks)}`);
      }) as unknown as Server,
    );

  test("is spoken when asked for", async () => {
    const port = await echo();
    const network = transport({ ca: testAuthority, http2: true });
    const request = networkRequest(`https://localhost:${port}/a?b`, {
      method: "POST",
      body: { payload: new TextEncoder().encode("hello"), length: 5, replayable: true },
    });
    const response = await network.send(request, [["X-Custom", "1"]]);
    expect(response.kind === "response" && response.headers).toEqual(
      expect.arrayContaining([
        ["x-version", "2.0"],
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
        ["x-latin", "caf\xe9"],
      ]),
    );
    expect(response.sentHeaders?.slice(0, 5)).toEqual([
      [":authority", `localhost:${port}`],
      [":method", "POST"],
      [":path", "/a?b"],
      [":scheme", "https"],
      ["x-custom", "1"],
    ]);
    expect(await text(response)).toBe("POST 1 hello");
  });

  test("many requests at once, bodies as streams, and responses without a body", async () => {
    const port = await echo();
    const network = transport({ ca: testAuthority, http2: true });
    await text(await network.send(networkRequest(`https://localhost:${port}/`), []));
    const asked = Array.from({ length: 20 }, (_, index) => {
      const payload = new Blob([`body ${index}`]).stream();
      const body = { payload, length: null, replayable: false };
      return network.send(networkRequest(`https://localhost:${port}/`, { method: "PUT", body }), []);
    });
    expect(await Promise.all((await Promise.all(asked)).map(text))).toEqual(
      Array.from({ length: 20 }, (_, index) => `PUT  body ${index}`),
    );
    expect(await network.send(networkRequest(`https://localhost:${port}/`, { method: "HEAD" }), [])).toMatchObject({
      body: null,
    });
  });

  test("is not spoken otherwise", async () => {
    const port = await echo();
    const response = await transport({ ca: testAuthority }).send(networkRequest(`https://localhost:${port}/`), []);
    expect(response.kind === "response" && response.headers).toContainEqual(["X-Version", "1.1"]);
  });
});

describe("proxy", () => {
  async function proxy(seen: string[]): Promise<number> {
    const server = createServer((request: IncomingMessage, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"] ?? ""}`);
      const target = new URL(request.url ?? "");
      const forwarded = httpRequest(target, { headers: { host: request.headers.host ?? "" } }, (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
        answer.pipe(response);
      });
      forwarded.end();
    });
    server.on("connect", (request: IncomingMessage, socket: Socket) => {
      seen.push(`CONNECT ${request.url} ${request.headers["proxy-authorization"] ?? ""}`);
      if (request.headers["proxy-authorization"] === undefined) {
        socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
        return;
      }
      const upstream = connect(Number(request.url?.split(":").at(-1)), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
    });
    return listen(server);
  }

  test("a plain request gives it the whole URL", async () => {
    const seen: string[] = [];
    const port = await listen(createServer((request, response) => response.end(`hello ${request.headers.host}`)));
    const network = transport({ proxy: `http://user:p%20w@127.0.0.1:${await proxy(seen)}` });
    const response = await network.send(networkRequest(`http://localhost:${port}/a?b`), []);
    expect(await text(response)).toBe(`hello localhost:${port}`);
    expect(seen).toEqual([`GET http://localhost:${port}/a?b Basic ${btoa("user:p w")}`]);
    expect(response.sentHeaders?.filter(([name]) => name.toLowerCase() === "host")).toHaveLength(1);
  });

  test("TLS goes through a tunnel", async () => {
    const seen: string[] = [];
    const port = await secureServer();
    const network = transport({ ca: testAuthority, proxy: `http://user:pw@127.0.0.1:${await proxy(seen)}` });
    const response = await network.send(networkRequest(`https://localhost:${port}/`), []);
    expect(await text(response)).toBe(`hello localhost:${port}`);
    expect(seen).toEqual([`CONNECT localhost:${port} Basic ${btoa("user:pw")}`]);
  });

  test("a tunnel that is refused is a network error that says so", async () => {
    const port = await proxy([]);
    const network = transport({ proxy: `http://127.0.0.1:${port}` });
    expect(await network.send(networkRequest("https://localhost:1/"), [])).toMatchObject({
      reason: "unknown",
      message: `the proxy 127.0.0.1:${port} answered 407 to CONNECT localhost:1`,
    });
  });

  test("a proxy that is not there is refused", async () => {
    const network = transport({ proxy: "http://127.0.0.1:1" });
    for (const url of ["http://localhost:2/", "https://localhost:2/"]) {
      expect(await network.send(networkRequest(url), [])).toMatchObject({ reason: "connection-refused" });
    }
  });
});
