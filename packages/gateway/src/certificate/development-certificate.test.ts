import { X509Certificate } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { afterAll, expect, test } from "vitest";
import { developmentCertificate } from "./development-certificate.ts";
import { makeAuthority, makeLeaf } from "./make-certificate.ts";
import { trustInstructions } from "./trust-instructions.ts";

const day = 24 * 60 * 60 * 1000;
const root = await mkdtemp(join(tmpdir(), "corsac-certificate-"));
let folders = 0;
afterAll(() => rm(root, { recursive: true }));

function folder(): string {
  folders += 1;
  return join(root, String(folders), "state");
}

/** Which error a TLS client gets that trusts the authority and asks for a name. */
async function handshake(key: string, cert: string, ca: string, servername: string): Promise<string> {
  const server = createServer({ key, cert });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const outcome = await new Promise<string>((resolve) => {
    const options = { port, host: "127.0.0.1", ca, ...(/^[\d.]+$/.test(servername) ? {} : { servername }) };
    const socket = connect(options, () => {
      resolve("trusted");
      socket.destroy();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.message));
  });
  server.close();
  return outcome;
}

test("clients that trust the authority trust the certificate for localhost, names below it, and 127.0.0.1", async () => {
  const { key, certificate, authorityFile, isNewAuthority } = await developmentCertificate({
    folder: folder(),
    names: ["app.localhost"],
  });
  const ca = await readFile(authorityFile, "utf8");
  const names = ["localhost", "app.localhost", "127.0.0.1", "corsac.example"];
  const outcomes = [];
  for (const name of names) outcomes.push(await handshake(key, certificate, ca, name));
  expect(outcomes).toEqual(["trusted", "trusted", "trusted", expect.stringContaining("does not match")]);
  expect(isNewAuthority).toBe(true);
  expect(new X509Certificate(certificate).checkIP("::1")).toBe("::1");
});

test("the authority cannot vouch for other names", async () => {
  const now = Date.now();
  const authority = await makeAuthority({ from: now - day, until: now + day });
  const elsewhere = await makeLeaf(authority, { from: now - day, until: now + day }, ["bank.example"]);
  expect(await handshake(elsewhere.key, elsewhere.certificate, authority.certificate, "bank.example")).toBe(
    "permitted subtree violation",
  );
});

test("files are for their owner alone, and nothing half-written stays", async () => {
  const place = folder();
  await developmentCertificate({ folder: place });
  const names = (await readdir(place)).sort();
  expect(names).toEqual(["authority-and-key.pem", "authority.crt", "localhost-and-key.pem"]);
  const modes = await Promise.all(
    [place, ...names.map((name) => join(place, name))].map(async (path) => (await stat(path)).mode & 0o777),
  );
  expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
});

test("what is there is used again, and renewed before it runs out", async () => {
  const place = folder();
  let now = Date.UTC(2026, 10, 22);
  const at = () => developmentCertificate({ folder: place, clock: () => now });
  const first = await at();
  now += 59 * day;
  const second = await at();
  expect(second).toEqual({ ...first, isNewAuthority: false });
  now += 2 * day;
  const third = await at();
  expect(third.key).not.toBe(first.key);
  expect(third.isNewAuthority).toBe(false);
  now += 5 * 365 * day;
  expect((await at()).isNewAuthority).toBe(true);
});

test.each([
  ["an authority cut off", "authority-and-key.pem", true],
  ["a certificate cut off", "localhost-and-key.pem", false],
  ["an authority's certificate cut off", "authority.crt", false],
])("%s is replaced", async (_title, name, isNewAuthority) => {
  const place = folder();
  await developmentCertificate({ folder: place });
  const content = await readFile(join(place, name), "utf8");
  await writeFile(join(place, name), content.slice(0, 200));
  const made = await developmentCertificate({ folder: place });
  expect(made.isNewAuthority).toBe(isNewAuthority);
  const ca = await readFile(made.authorityFile, "utf8");
  expect(await handshake(made.key, made.certificate, ca, "localhost")).toBe("trusted");
});

test("gateways that start at the same time have one authority", async () => {
  const place = folder();
  const made = await Promise.all([1, 2, 3, 4].map(() => developmentCertificate({ folder: place })));
  const ca = new X509Certificate(await readFile(join(place, "authority.crt"), "utf8"));
  expect(made.map(({ certificate }) => new X509Certificate(certificate).verify(ca.publicKey))).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

test.each(["darwin", "win32", "linux"])("the way to trust it is told on %s", (platform) => {
  expect(trustInstructions("/state/a b.crt", platform)).toContain('"/state/a b.crt"');
});
