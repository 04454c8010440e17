import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { ListenError } from "../client/listen-error.ts";
import type { TlsConfiguration } from "../configuration/gateway-configuration.ts";
import { developmentCertificate } from "./development-certificate.ts";

/** What a door shows to browsers. */
export interface ListenCertificate {
  /** In PEM. */
  readonly key: string;
  /** In PEM, with its chain. */
  readonly certificate: string;
  readonly authority: DevelopmentAuthority | null;
}

/** An authority made on this machine, which browsers have to trust once. */
export interface DevelopmentAuthority {
  /** Its certificate. */
  readonly file: string;
  /** Whether it was made just now, so that nobody trusts it yet. */
  readonly isNew: boolean;
}

/**
 * Gets what HTTPS needs: the files that a configuration names, or a certificate for development, which is kept for the
 * next start. Null without TLS.
 *
 * @param folder for certificates of development; default `.corsac/certificates` in the user's home
 * @throws {ListenError} when a file cannot be read, or the folder not be written
 */
export async function listenCertificate(
  tls: TlsConfiguration | null,
  folder: string = join(homedir(), ".corsac", "certificates"),
): Promise<ListenCertificate | null> {
  if (tls === null) return null;
  if (tls.kind === "files") {
    const [key, certificate] = await Promise.all([readPem(tls.key), readPem(tls.certificate)]);
    return { key, certificate, authority: null };
  }
  try {
    const { key, certificate, authorityFile: file, isNewAuthority: isNew } = await developmentCertificate({ folder });
    return { key, certificate, authority: { file, isNew } };
  } catch (error) {
    throw new ListenError(
      "certificate-invalid",
      `No certificate can be kept in ${folder}: ${messageOf(error)}.`,
      error,
    );
  }
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new ListenError("certificate-invalid", `${file} cannot be read: ${messageOf(error)}.`, error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
