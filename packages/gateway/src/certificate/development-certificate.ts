import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { developmentNames, type KeyAndCertificate, makeAuthority, makeLeaf } from "./make-certificate.ts";

/** What a gateway needs for HTTPS on this machine. */
export interface DevelopmentCertificate extends KeyAndCertificate {
  /** The file with the certificate of the authority: what browsers have to trust. */
  readonly authorityFile: string;
  /** Whether the authority is new, so that nobody trusts it yet. */
  readonly isNewAuthority: boolean;
}

/** Where the certificates are kept, and what time it is. */
export interface DevelopmentCertificateOptions {
  /** Made if it is not there; readable for its owner alone. */
  readonly folder: string;
  /** Further names, all below `localhost`: some clients do not accept `*.localhost` for them. */
  readonly names?: readonly string[];
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

const day = 24 * 60 * 60 * 1000;
const authorityLifetime = 5 * 365 * day;
const leafLifetime = 90 * day;
/** A leaf is made anew when it has less than this left, an authority when it would end before a new leaf. */
const renewal = 30 * day;

/**
 * Returns a certificate for `localhost`, `*.localhost`, `127.0.0.1` and `::1`, by an authority which is made on this
 * machine the first time and kept. Whatever in the folder is not whole, does not fit together or ends soon is replaced;
 * each file appears at once and complete.
 *
 * Throws if the folder cannot be written.
 */
export async function developmentCertificate(options: DevelopmentCertificateOptions): Promise<DevelopmentCertificate> {
  const { folder, clock = Date.now } = options;
  const names = [...new Set([...developmentNames, ...(options.names ?? [])])];
  const now = clock();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { authority, isNew } = await keptAuthority(join(folder, "authority-and-key.pem"), now);
  const authorityFile = join(folder, "authority.crt");
  if ((await contentOf(authorityFile)) !== authority.certificate) await replace(authorityFile, authority.certificate);

  const leafFile = join(folder, "localhost-and-key.pem");
  const kept = parse(await contentOf(leafFile));
  if (kept !== null && isGoodLeaf(kept, authority, names, now))
    return { ...kept, authorityFile, isNewAuthority: isNew };
  const leaf = await makeLeaf(authority, { from: now - day, until: now + leafLifetime }, names);
  await replace(leafFile, serialize(leaf));
  return { ...leaf, authorityFile, isNewAuthority: isNew };
}

async function keptAuthority(file: string, now: number): Promise<{ authority: KeyAndCertificate; isNew: boolean }> {
  const content = await contentOf(file);
  const kept = parse(content);
  if (kept !== null && isGoodAuthority(kept, now)) return { authority: kept, isNew: false };
  const made = await makeAuthority({ from: now - day, until: now + authorityLifetime });
  if (content !== null) {
    await replace(file, serialize(made));
    return { authority: made, isNew: true };
  }
  // Several gateways may start at the same time; all of them take the authority of the first.
  if (await create(file, serialize(made))) return { authority: made, isNew: true };
  const other = parse(await contentOf(file));
  return { authority: other ?? made, isNew: true };
}

function isGoodAuthority({ key, certificate }: KeyAndCertificate, now: number): boolean {
  const parsed = new X509Certificate(certificate);
  return parsed.ca && parsed.checkPrivateKey(createPrivateKey(key)) && lasts(parsed, now, leafLifetime);
}

function isGoodLeaf(
  { key, certificate }: KeyAndCertificate,
  authority: KeyAndCertificate,
  names: readonly string[],
  now: number,
): boolean {
  const parsed = new X509Certificate(certificate);
  const isFor = parsed.subjectAltName?.split(", ") ?? [];
  return (
    parsed.checkPrivateKey(createPrivateKey(key)) &&
    parsed.verify(new X509Certificate(authority.certificate).publicKey) &&
    names.every((name) => isFor.includes(`DNS:${name}`) || parsed.checkIP(name) !== undefined) &&
    lasts(parsed, now, renewal)
  );
}

function lasts(certificate: X509Certificate, now: number, time: number): boolean {
  return Date.parse(certificate.validFrom) <= now && Date.parse(certificate.validTo) >= now + time;
}

/** One file for both, so that they cannot be from different times. */
function serialize({ key, certificate }: KeyAndCertificate): string {
  return `${key}${certificate}`;
}

function parse(content: string | null): KeyAndCertificate | null {
  const end = "-----END PRIVATE KEY-----\n";
  const index = content?.indexOf(end) ?? -1;
  if (content === null || index < 0) return null;
  const parsed = { key: content.slice(0, index + end.length), certificate: content.slice(index + end.length) };
  try {
    new X509Certificate(parsed.certificate);
    createPrivateKey(parsed.key);
    return parsed;
  } catch {
    return null;
  }
}

async function contentOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Writes a file unless it is there; tells whether it did. */
async function create(file: string, content: string): Promise<boolean> {
  const temporary = await written(file, content);
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function replace(file: string, content: string): Promise<void> {
  await rename(await written(file, content), file);
}

/** Writes beside `file` what is to take its place. */
async function written(file: string, content: string): Promise<string> {
  const temporary = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(temporary, content, { mode: 0o600, flag: "wx", flush: true } as Parameters<typeof writeFile>[2]);
  // The mode above is subject to the process's mask, which can only take away.
  await chmod(temporary, 0o600);
  return temporary;
}
