import { getHeader, type Header } from "@corsac/protocol";
import type { ApiResource } from "./api-description.ts";
import { isSuccess, type Session } from "./session.ts";
import type { Readable } from "./verify-safety.ts";
import { otherTag, write } from "./write.ts";

/**
 * Sends a write with conditions that do not hold: it must not be carried out. Resources without an ETag are left alone:
 * they do not offer conditions.
 */
export async function verifyPreconditions(
  session: Session,
  { resource, url }: Readable,
  method: "PATCH" | "PUT",
  content: () => unknown,
): Promise<void> {
  const send = (condition: Header) =>
    write(session, { resource, method, url, content: content(), headers: [condition] });
  session.lookAt(resource);
  const current = await session.get(url);
  const tag = getHeader(current.headers, "ETag");
  if (tag === null || !isSuccess(current)) return;
  const stale = await send(["If-Match", otherTag]);
  if (isSuccess(stale)) {
    reportIgnored(session, resource, method, [current, stale]);
  } else if (!tag.startsWith("W/") && stale.status === 412) {
    const weak = await send(["If-Match", `W/${tag}`]);
    if (isSuccess(weak)) {
      session.report({
        code: "if-match-weakly-compared",
        resource,
        method,
        cause:
          "A weak tag says that two versions are about the same. A write based on it may undo a change that the client never saw.",
        observed: [`ETag: ${tag}, If-Match: W/${tag} → ${weak.status}`],
        exchanges: [current, weak],
      });
    }
  }
  if (method === "PATCH") return;
  const create = await send(["If-None-Match", "*"]);
  if (!isSuccess(create)) return;
  session.report({
    code: "if-none-match-star-ignored",
    resource,
    method,
    cause:
      "The client asked to create the resource only if there is none. There was one, and it was replaced: of two clients that create at once, one loses its work without a word.",
    observed: [`If-None-Match: * → ${create.status}, although GET answers ${current.status}`],
    exchanges: [current, create],
  });
}

/** Reports that a write went through although the client has an outdated version. */
export function reportIgnored(
  session: Session,
  resource: ApiResource,
  method: string,
  exchanges: Parameters<Session["report"]>[0]["exchanges"],
): void {
  session.report({
    code: "if-match-ignored",
    resource,
    method,
    cause: `The resource sends an ETag, and ${method} with another tag in If-Match is carried out. Who changes what somebody else has just changed overwrites it unseen (lost update).`,
    observed: [`If-Match: ${otherTag} → ${exchanges.at(-1)?.status}, want 412`],
    exchanges,
  });
}
