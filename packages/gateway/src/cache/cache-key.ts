import { createHash } from "node:crypto";
import type { GatewayRequest } from "../exchange/gateway-request.ts";

/**
 * Returns the key of a target: scheme and authority are part of it, since the upstream learns them and may answer with
 * them.
 *
 * @param scope tells the targets of one upstream from those of others
 * @see https://httpwg.org/specs/rfc9111.html#caching.overview
 */
export function targetKey(scope: string, { scheme, authority }: GatewayRequest, target: string): string {
  return `${scope} ${scheme}://${authority.toLowerCase()}${target}`;
}

/**
 * Returns the key of a QUERY: its content and what tells the meaning of that belong to it. So does the generation of its
 * target: once that is invalidated, so are the answers to all questions about it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc10008
 */
export function queryKey(key: string, generation: number, { headers }: GatewayRequest, content: Uint8Array): string {
  const hash = createHash("sha256");
  for (const name of ["content-type", "content-encoding", "content-language"]) {
    hash.update(`${name}:${String(headers[name] ?? "")}\n`);
  }
  return `${key} QUERY ${generation} ${hash.update(content).digest("base64url")}`;
}
