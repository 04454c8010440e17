import type { FastifyRequest } from "fastify";
import { Problem } from "./problem.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads the body of a request as JSON, if that is what it is declared as. Reading here and not in a parser of Fastify
 * lets the method and the preconditions be judged before the content.
 *
 * @param mediaType in lower case
 * @throws {Problem} 415 for another media type, 400 for what is no JSON
 */
export function readJson({ headers, body }: FastifyRequest, mediaType: string): unknown {
  const declared = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (declared !== mediaType) {
    const accept = mediaType === mergePatch ? { "accept-patch": mediaType } : { accept: mediaType };
    throw new Problem(415, "unsupported-media-type", "The body has another media type than this method takes.", {
      detail: `Send it as ${mediaType}.`,
      headers: accept,
    });
  }
  try {
    return JSON.parse(utf8.decode(body as Buffer));
  } catch {
    throw new Problem(400, "malformed-json", "The body is no JSON in UTF-8.");
  }
}

/** The media type of a JSON merge patch. */
export const mergePatch = "application/merge-patch+json";
