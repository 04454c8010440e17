import { createHash } from "node:crypto";
import type { FetchOutcome, Problem } from "@corsac/protocol";
import type { BodySource } from "../body-source.ts";

const strengths = ["sha256", "sha384", "sha512"] as const;

interface Metadata {
  readonly algorithm: (typeof strengths)[number];
  readonly digest: string;
}

/**
 * Reads the body of a response and lets it through if it matches integrity metadata: what is left of main fetch once
 * there are bytes to look at.
 *
 * @see https://fetch.spec.whatwg.org/#main-fetch
 */
export async function withIntegrity(outcome: FetchOutcome, integrity: string): Promise<FetchOutcome> {
  if (outcome.kind === "network-error" || outcome.response.type === "opaqueredirect") return outcome;
  const problem: Problem = { code: "integrity-mismatch", stage: "response", integrity };
  const mismatch = { kind: "network-error", problem, exchanges: outcome.exchanges } as const;
  const { body } = outcome.response;
  if (body === null) return mismatch;
  try {
    const bytes = body instanceof Uint8Array ? body : await (body as BodySource).bytes();
    if (!bytesMatchIntegrity(bytes, integrity)) return mismatch;
    const internal = { ...outcome.response.internal, body: bytes };
    return { ...outcome, response: { ...outcome.response, body: bytes, internal } };
  } catch {
    return mismatch; // The connection broke: there are no bytes that could match.
  }
}

/**
 * Reports whether bytes match integrity metadata: one of the digests of the strongest algorithm named.
 * Metadata without any digest that is understood matches everything.
 *
 * @see https://w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist
 */
export function bytesMatchIntegrity(bytes: Uint8Array, integrity: string): boolean {
  const metadata = parseMetadata(integrity);
  const strongest = Math.max(...metadata.map(({ algorithm }) => strengths.indexOf(algorithm)));
  const relevant = metadata.filter(({ algorithm }) => strengths.indexOf(algorithm) === strongest);
  if (relevant.length === 0) return true;
  return relevant.some(({ algorithm, digest }) => {
    const expected = Buffer.from(digest, "base64");
    return createHash(algorithm).update(bytes).digest().equals(expected);
  });
}

function parseMetadata(integrity: string): Metadata[] {
  const metadata: Metadata[] = [];
  for (const token of integrity.split(/[\t\n\f\r ]+/)) {
    const match = /^(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})(?:\?.*)?$/i.exec(token);
    if (match === null) continue;
    metadata.push({
      algorithm: (match[1] as string).toLowerCase() as Metadata["algorithm"],
      digest: match[2] as string,
    });
  }
  return metadata;
}
