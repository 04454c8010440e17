import { type LookupAllOptions, lookup as systemLookup } from "node:dns";
import { once } from "node:events";
import { createServer, type LookupFunction, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { type buildConnector, Client } from "undici";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { makeAuthority, makeLeaf } from "../certificate/make-certificate.ts";
import { GatewayError } from "../exchange/gateway-error.ts";
import { createSafeConnector } from "./connector.ts";

/** What must never be reached: on both loopback addresses, on one port. It notes who came. */
let ipv4: Server;
let ipv6: Server;
let port = 0;
let connections = 0;

beforeAll(async () => {
  const note = (socket: Socket): void => {
    connections += 1;
    socket.on("error", () => {});
    socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"));
  };
  ipv4 = createServer(note).listen(0, "127.0.0.1");
  await once(ipv4, "listening");
  port = (ipv4.address() as { port: number }).port;
  ipv6 = createServer(note).listen(port, "::1");
  await once(ipv6, "listening");
});

afterAll(() => {
  ipv4.close();
  ipv6.close();
});

beforeEach(() => {
  connections = 0;
});

const publicV4 = "93.184.215.14";
const publicV6 = "2606:2800:21f:cb07:6820:80da:af6b:8b2c";

/** What names answer; a name that is missing is left to the system's resolver. */
const zone: Record<string, readonly string[]> = {
  "public.example": [publicV4],
  "both.example": [publicV6, publicV4],
  "loopback.example": ["127.0.0.1"],
  "good.localhost": ["127.0.0.1"],
  "loopback6.example": ["::1"],
  "mapped.example": ["::ffff:127.0.0.1"],
  "unspecified.example": ["0.0.0.0"],
  "unspecified6.example": ["::"],
  "first-public.example": [publicV4, "127.0.0.1"],
  "last-public.example": ["127.0.0.1", publicV4],
  "other-family.example": [publicV4, "::1"],
  "private.example": ["10.0.0.1"],
  "metadata.example": ["169.254.169.254"],
  "metadata6.example": ["fd00:ec2::254"],
  "zone.example": ["fe80::1%lo"],
  "translated.example": ["64:ff9b::7f00:1"],
  "nonsense.example": ["127.1"],
  "empty.example": [],
};

const zoneLookup: LookupFunction = (hostname, options, callback) => {
  const found = zone[hostname];
  if (found === undefined) {
    systemLookup(hostname, options as LookupAllOptions, callback);
    return;
  }
  const addresses = found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  process.nextTick(callback, null, addresses);
};

/**
 * Connects and says how that ended. From `localAddress`, a loopback address, nothing leads to a public one: the system
 * refuses to send, and its error names where it should have gone.
 */
function attempt(connect: buildConnector.connector, url: URL, localAddress?: string): Promise<string> {
  const { protocol, host, port } = url;
  // As undici does it.
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const target = { protocol, hostname, host, port, ...(localAddress === undefined ? {} : { localAddress }) };
  return new Promise((resolve) => {
    connect(target, (error: (Error & { address?: string }) | null, socket) => {
      socket?.on("error", () => {}).destroy();
      if (error === null) resolve("connected");
      else resolve(error instanceof GatewayError ? error.code : `tried ${error.address ?? error.message}`);
    });
  });
}

/** Targets that lead to the server here when nobody looks, and must be refused. */
const reachable: readonly [notation: string, url: string][] = [
  ["IPv4", "http://127.0.0.1:PORT/"],
  ["IPv4, decimal", "http://2130706433:PORT/"],
  ["IPv4, octal", "http://0177.0.0.1:PORT/"],
  ["IPv4, octal with many zeros", "http://000000177.0.0.01:PORT/"],
  ["IPv4, octal in one", "http://017700000001:PORT/"],
  ["IPv4, hexadecimal", "http://0x7f.0x0.0x0.0x1:PORT/"],
  ["IPv4, hexadecimal in one", "http://0x7F000001:PORT/"],
  ["IPv4, short by one", "http://127.0.1:PORT/"],
  ["IPv4, short by two", "http://127.1:PORT/"],
  ["IPv4, mixed", "http://0x7f.1:PORT/"],
  ["IPv4, mixed and octal", "http://0177.0x0.1:PORT/"],
  ["IPv4 with a trailing dot", "http://127.0.0.1.:PORT/"],
  ["IPv4, short, with a trailing dot", "http://127.1.:PORT/"],
  ["IPv4, fullwidth digits", "http://１２７.０.０.１:PORT/"],
  ["IPv4, fullwidth dots", "http://127．0．0．1:PORT/"],
  ["IPv4, ideographic dots", "http://127。0。0。1:PORT/"],
  ["IPv4, halfwidth ideographic dots", "http://127｡0｡0｡1:PORT/"],
  ["IPv4, circled digits", "http://①②⑦.⓪.⓪.①:PORT/"],
  ["IPv4, superscript digits", "http://¹²⁷.⁰.⁰.¹:PORT/"],
  ["IPv4, mathematical digits", "http://𝟭𝟮𝟳.𝟬.𝟬.𝟭:PORT/"],
  ["IPv4, percent-encoded", "http://%31%32%37.0.0.1:PORT/"],
  ["IPv4, percent-encoded dots", "http://127%2E0%2E0%2E1:PORT/"],
  ["IPv4 with soft hyphens", "http://127.0.0.\u00ad1:PORT/"],
  ["IPv4 with a zero-width space", "http://127.0.0.\u200b1:PORT/"],
  ["IPv4 with a tab", "http://127.0.\t0.1:PORT/"],
  ["IPv4 with a line feed", "http://127.0.\n0.1:PORT/"],
  ["IPv4 after blanks", "  http://127.0.0.1:PORT/"],
  ["userinfo that looks like a host", "http://public.example@127.0.0.1:PORT/"],
  ["userinfo with a password", "http://public.example:80@127.0.0.1:PORT/"],
  ["userinfo with encoded at signs", "http://public.example%40public.example@127.0.0.1:PORT/"],
  ["two at signs", "http://a@public.example@127.0.0.1:PORT/"],
  ["a backslash before an at sign", "http://127.0.0.1:PORT\\@public.example/"],
  ["backslashes for slashes", "http:\\\\127.0.0.1:PORT\\"],
  ["one slash", "http:/127.0.0.1:PORT/"],
  ["no slash", "http:127.0.0.1:PORT/"],
  ["many slashes", "http:////127.0.0.1:PORT/"],
  ["a fragment that looks like a host", "http://127.0.0.1:PORT#@public.example/"],
  ["a query that looks like a host", "http://127.0.0.1:PORT?@public.example/"],
  ["capital scheme", "HTTP://127.0.0.1:PORT/"],
  ["port with zeros", "http://127.0.0.1:00000PORT/"],
  ["this network", "http://0.0.0.0:PORT/"],
  ["this network, short", "http://0:PORT/"],
  ["this network, hexadecimal", "http://0x0:PORT/"],
  ["IPv6 loopback", "http://[::1]:PORT/"],
  ["IPv6 loopback in full", "http://[0000:0000:0000:0000:0000:0000:0000:0001]:PORT/"],
  ["IPv6 loopback with IPv4 digits", "http://[::0.0.0.1]:PORT/"],
  ["IPv6 unspecified", "http://[::]:PORT/"],
  ["IPv4-mapped", "http://[::ffff:127.0.0.1]:PORT/"],
  ["IPv4-mapped, hexadecimal", "http://[::ffff:7f00:1]:PORT/"],
  ["IPv4-mapped in full", "http://[0:0:0:0:0:FFFF:127.0.0.1]:PORT/"],
  ["IPv4-mapped, this network", "http://[::ffff:0.0.0.0]:PORT/"],
  ["localhost", "http://localhost:PORT/"],
  ["localhost in capitals", "http://LOCALHOST:PORT/"],
  ["localhost, fullwidth", "http://ｌｏｃａｌｈｏｓｔ:PORT/"],
  ["localhost, long s", "http://localho\u017ft:PORT/"],
  ["localhost, circled", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/"],
  ["localhost, percent-encoded", "http://%6c%6F%63alhost:PORT/"],
  ["localhost with a soft hyphen", "http://local\u00adhost:PORT/"],
  ["a name at loopback", "http://loopback.example:PORT/"],
  ["a name at IPv6 loopback", "http://loopback6.example:PORT/"],
  ["a name at a mapped address", "http://mapped.example:PORT/"],
  ["a name at 0.0.0.0", "http://unspecified.example:PORT/"],
  ["a name at ::", "http://unspecified6.example:PORT/"],
  ["a name with a public address after loopback", "http://last-public.example:PORT/"],
];

/** Targets in other special-purpose blocks, which lead nowhere here; refused without a packet. */
const refused: readonly [notation: string, url: string][] = [
  ["another loopback address", "http://127.255.255.254/"],
  ["private use 10", "http://10.1.2.3/"],
  ["private use 10, decimal", "http://167837955/"],
  ["private use 172.16", "http://172.16.0.1/"],
  ["private use 172.31", "http://172.31.255.255/"],
  ["private use 192.168", "http://192.168.1.1/"],
  ["private use 192.168, short", "http://192.168.257/"],
  ["shared address space", "http://100.64.0.1/"],
  ["shared address space, a cloud's metadata", "http://100.100.100.200/"],
  ["link-local, metadata", "http://169.254.169.254/latest/meta-data/"],
  ["link-local, metadata, decimal", "http://2852039166/"],
  ["link-local, metadata, octal", "http://0251.0376.0251.0376/"],
  ["link-local, metadata, hexadecimal", "http://0xa9fea9fe/"],
  ["link-local, task metadata", "http://169.254.170.2/"],
  ["metadata over TLS", "https://169.254.169.254/"],
  ["protocol assignments, a cloud's metadata", "http://192.0.0.192/"],
  ["platform service", "http://168.63.129.16/"],
  ["documentation 1", "http://192.0.2.1/"],
  ["documentation 2", "http://198.51.100.1/"],
  ["documentation 3", "http://203.0.113.1/"],
  ["6to4 relay", "http://192.88.99.1/"],
  ["benchmarking", "http://198.19.255.255/"],
  ["multicast", "http://239.255.255.250/"],
  ["reserved", "http://240.0.0.1/"],
  ["broadcast", "http://255.255.255.255/"],
  ["broadcast, hexadecimal", "http://0xffffffff/"],
  ["IPv4-mapped private use", "http://[::ffff:10.0.0.1]/"],
  ["IPv4-mapped metadata", "http://[::ffff:a9fe:a9fe]/"],
  ["IPv4-compatible", "http://[::127.0.0.1]/"],
  ["IPv4-compatible, public", "http://[::8.8.8.8]/"],
  ["IPv4-translated", "http://[::ffff:0:127.0.0.1]/"],
  ["NAT64, loopback", "http://[64:ff9b::127.0.0.1]/"],
  ["NAT64, private use", "http://[64:ff9b::a00:1]/"],
  ["NAT64, metadata", "http://[64:ff9b::a9fe:a9fe]/"],
  ["NAT64, local prefix", "http://[64:ff9b:1::8.8.8.8]/"],
  ["6to4, loopback", "http://[2002:7f00:1::]/"],
  ["6to4, private use", "http://[2002:c0a8:101::1]/"],
  ["Teredo", "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/"],
  ["ISATAP, private use", "http://[2606:2800:21f:1:0:5efe:10.0.0.1]/"],
  ["ISATAP, universal, loopback", "http://[2606:2800:21f:1:200:5efe:127.0.0.1]/"],
  ["unique local", "http://[fc00::1]/"],
  ["unique local, metadata", "http://[fd00:ec2::254]/"],
  ["link-local of IPv6", "http://[fe80::1]/"],
  ["site-local", "http://[fec0::1]/"],
  ["multicast of IPv6", "http://[ff02::1]/"],
  ["discard-only", "http://[100::1]/"],
  ["documentation of IPv6", "http://[2001:db8::1]/"],
  ["documentation of IPv6, second", "http://[3fff:fff::1]/"],
  ["benchmarking of IPv6", "http://[2001:2::1]/"],
  ["segment routing", "http://[5f00::1]/"],
  ["unallocated IPv6", "http://[4000::1]/"],
  ["a private name", "http://private.example/"],
  ["a name at metadata", "http://metadata.example/"],
  ["a name at metadata of IPv6", "http://metadata6.example/"],
  ["a name with loopback after a public address", "http://first-public.example:PORT/"],
  ["a name with loopback in the other family", "http://other-family.example:PORT/"],
  ["a name at an address with a zone", "http://zone.example/"],
  ["a name at a translated address", "http://translated.example/"],
  ["a resolver that answers no address", "http://nonsense.example/"],
];

/** What is no URL at all, so that nothing can be connected to. */
const invalid: readonly [notation: string, url: string][] = [
  ["a zone in a URL", "http://[fe80::1%25lo]:PORT/"],
  ["an octet above 255", "http://127.0.0.256:PORT/"],
  ["a number above 32 bits", "http://4294967296/"],
  ["a number that wraps to loopback", "http://6425673729/"],
  ["five octets", "http://127.0.0.0.1/"],
  ["an octal number with a 9", "http://0198.0.0.1/"],
  ["a null character", "http://127.0.0.1%00.public.example/"],
  ["an encoded slash in the host", "http://127.0.0.1%2f.public.example/"],
  ["a space in the host", "http://127.0.0.1 .public.example/"],
  ["a bracket left open", "http://[::1/"],
  ["a port too large", "http://127.0.0.1:65536/"],
];

const open: readonly [notation: string, url: string, address: string][] = [
  ["a public address", `http://${publicV4}/`, publicV4],
  ["a public address of IPv6", `http://[${publicV6}]/`, publicV6],
  ["a public name", "http://public.example/", publicV4],
  ["a mapped public address", "http://[::ffff:93.184.215.14]/", "::ffff:5db8:d70e"],
  ["a translated public address", "http://[64:ff9b::8.8.8.8]/", "64:ff9b::808:808"],
  ["next to private use 172.16", "http://172.32.0.1/", "172.32.0.1"],
  ["next to shared address space", "http://100.128.0.1/", "100.128.0.1"],
  ["next to link-local", "http://169.253.255.255/", "169.253.255.255"],
];

const url = (text: string): URL => new URL(text.replaceAll("PORT", String(port)));
const safe = createSafeConnector({ allowPrivate: false, lookup: zoneLookup, connectTimeout: 5000 });
const careless = createSafeConnector({ allowPrivate: true, lookup: zoneLookup, connectTimeout: 5000 });

test("the table has 100 targets and more", () => {
  const titles = [...reachable, ...refused, ...invalid, ...open].map(([title]) => title);
  expect(new Set(titles).size).toBeGreaterThanOrEqual(130);
  expect(new Set(titles).size).toBe(titles.length);
});

test.each(reachable)("%s leads to loopback, and is refused: %s", async (_, text) => {
  expect(await attempt(careless, url(text))).toBe("connected");
  expect(await attempt(safe, url(text))).toBe("upstream-address-refused");
  expect(connections).toBe(1);
});

test.each(refused)("%s is refused: %s", async (_, text) => {
  expect(await attempt(safe, url(text))).toBe("upstream-address-refused");
  expect(connections).toBe(0);
});

test.each(invalid)("%s makes no URL: %s", (_, text) => {
  expect(() => url(text)).toThrow(TypeError);
});

test.each(open)("%s is connected to: %s", async (_, text, address) => {
  const from = address.includes(":") ? "::ffff:127.0.0.1" : "127.0.0.1";
  expect(await attempt(safe, url(text), from)).toBe(`tried ${address}`);
});

test("numbers that only the system's resolver reads are refused by its answer", async () => {
  const texts = ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0"];
  const verdicts = texts.map((hostname) =>
    attempt(safe, { protocol: "http:", hostname, host: hostname, port: String(port) } as URL),
  );
  expect(await Promise.all(verdicts)).toEqual(texts.map(() => "upstream-address-refused"));
  expect(connections).toBe(0);
});

test("a name that changes its address is judged by the one look-up that the connection uses", async () => {
  const answers = [publicV4, "127.0.0.1", publicV4, "127.0.0.1"];
  let lookups = 0;
  const lookup: LookupFunction = (_, __, callback) => {
    process.nextTick(callback, null, [{ address: answers[lookups % answers.length], family: 4 }]);
    lookups += 1;
  };
  const rebound = createSafeConnector({ allowPrivate: false, lookup, connectTimeout: 5000 });
  const target = url("http://rebinding.example:PORT/");
  const verdicts = [];
  for (let i = 0; i < 4; i++) verdicts.push(await attempt(rebound, target, "127.0.0.1"));
  const [tried, not] = [`tried ${publicV4}`, "upstream-address-refused"];
  expect(verdicts).toEqual([tried, not, tried, not]);
  expect(lookups).toBe(4);
  expect(connections).toBe(0);
});

test("a resolver that knows one address only is judged as well", async () => {
  const answering = (address: string): LookupFunction => {
    return (_, __, callback) => process.nextTick(callback, null, address, 4);
  };
  const target = url("http://one.example:PORT/");
  const verdictOf = (address: string): Promise<string> => {
    const connect = createSafeConnector({ allowPrivate: false, lookup: answering(address), connectTimeout: 5000 });
    return attempt(connect, target, "127.0.0.1");
  };
  expect(await verdictOf("127.0.0.1")).toBe("upstream-address-refused");
  expect(await verdictOf(publicV4)).toBe(`tried ${publicV4}`);
});

test("a name without an address and one that fails to resolve are errors of their own", async () => {
  expect(await attempt(safe, url("http://empty.example/"))).toBe("tried empty.example has no address");
  const lookup: LookupFunction = (_, __, callback) => process.nextTick(callback, new Error("SERVFAIL"), []);
  const broken = createSafeConnector({ allowPrivate: false, lookup, connectTimeout: 5000 });
  expect(await attempt(broken, url("http://broken.example/"))).toBe("tried SERVFAIL");
});

test("a client of undici fails with the refusal, which tells the address to nobody but its cause", async () => {
  const client = new Client(url("http://last-public.example:PORT").origin, { connect: safe });
  const failure = await client.request({ method: "GET", path: "/" }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(GatewayError);
  const { code, message, cause } = failure as GatewayError;
  expect(code).toBe("upstream-address-refused");
  expect(message).toContain("`privateAddresses: true`");
  expect(message).not.toMatch(/127|loopback|example/);
  expect(String(cause)).toContain("127.0.0.1 (loopback)");
  await client.close();
  expect(connections).toBe(0);
});

test("an upgrade, a CONNECT and every new connection of a client are checked", async () => {
  const client = new Client(url("http://127.0.0.1:PORT").origin, { connect: safe });
  const codes = await Promise.all(
    [
      () => client.upgrade({ path: "/", protocol: "websocket" }),
      () => client.connect({ path: "/" }),
      () => client.request({ method: "GET", path: "/" }),
      () => client.request({ method: "GET", path: "/" }),
    ].map((send) => send().catch((error: unknown) => (error as GatewayError).code)),
  );
  expect(codes).toEqual(codes.map(() => "upstream-address-refused"));
  await client.close();
  expect(connections).toBe(0);
});

test("the name in the URL is the one that TLS asks for, whatever the address", async () => {
  const names: string[] = [];
  const server = createTlsServer({
    SNICallback(name, done) {
      names.push(name);
      done(new Error("no certificate"));
    },
  }).listen(0, "127.0.0.1");
  server.on("tlsClientError", () => {});
  await once(server, "listening");
  const { port: tlsPort } = server.address() as { port: number };
  expect(await attempt(careless, new URL(`https://loopback.example:${tlsPort}/`))).toMatch(/^tried/);
  expect(names).toEqual(["loopback.example"]);
  server.close();
});

test("a certificate has to be one for the name in the URL, and trusted", async () => {
  const validity = { from: Date.now() - 3_600_000, until: Date.now() + 3_600_000 };
  const authority = await makeAuthority(validity);
  const { key, certificate } = await makeLeaf(authority, validity, ["good.localhost"]);
  const server = createTlsServer({ key, cert: certificate }).listen(0, "127.0.0.1");
  server.on("tlsClientError", () => {});
  await once(server, "listening");
  const { port: tlsPort } = server.address() as { port: number };
  const options = { allowPrivate: true, lookup: zoneLookup, connectTimeout: 5000 };
  const trusting = createSafeConnector({ ...options, tls: { ca: authority.certificate } });
  const verdictOf = (connect: buildConnector.connector, name: string) =>
    attempt(connect, new URL(`https://${name}:${tlsPort}/`));
  expect(await verdictOf(trusting, "good.localhost")).toBe("connected");
  expect(await verdictOf(trusting, "loopback.example")).toMatch(/does not match certificate/);
  expect(await verdictOf(trusting, "127.0.0.1")).toMatch(/does not match certificate/);
  expect(await verdictOf(createSafeConnector(options), "good.localhost")).toMatch(/self.signed|unable to verify/);
  server.close();
});

test("proxies in the environment are not asked", async () => {
  const before = { ...process.env };
  const proxy = createServer(() => expect.unreachable("the proxy was asked")).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const { port: proxyPort } = proxy.address() as { port: number };
  for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"]) {
    process.env[name] = `http://127.0.0.1:${proxyPort}`;
  }
  process.env.NODE_USE_ENV_PROXY = "1";
  const client = new Client(url("http://loopback.example:PORT").origin, { connect: careless });
  const { statusCode, body } = await client.request({ method: "GET", path: "/" });
  await body.dump();
  expect(statusCode).toBe(200);
  expect(connections).toBe(1);
  await client.close();
  process.env = before;
  proxy.close();
});
