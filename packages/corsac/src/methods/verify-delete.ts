import { getHeader } from "@corsac/protocol";
import { createScratch, type Scratch } from "./create-scratch.ts";
import { inWords, isSuccess, type Session, statusOf } from "./session.ts";
import { reportIgnored } from "./verify-preconditions.ts";
import { type Readable, Watch } from "./verify-safety.ts";
import { otherTag, write } from "./write.ts";

/** Verifies DELETE on a resource of the run's own: outdated conditions, whether it is gone, and the same once more. */
export async function verifyDelete(session: Session, given: Scratch, nearby: readonly Readable[]): Promise<void> {
  const scratch = await verifyCondition(session, given);
  if (scratch === null) return;
  const { resource, url } = scratch;
  const remove = () => write(session, { resource, method: "DELETE", url });
  const first = await remove();
  if (!isSuccess(first)) {
    return session.leaveOut(
      resource,
      ["DELETE"],
      `DELETE of what this run created is answered with ${statusOf(first)}.`,
    );
  }
  if (first.status === 202)
    return session.leaveOut(resource, ["DELETE"], "DELETE answers 202: it is carried out later.");
  const gone = resource.operations.has("GET") ? await session.get(url) : null;
  if (gone !== null && isSuccess(gone)) {
    session.report({
      code: "delete-not-effective",
      resource,
      method: "DELETE",
      cause: `DELETE answered ${first.status}, and GET still answers ${gone.status}.`,
      exchanges: [first, gone],
    });
    return;
  }
  session.created.delete(url);
  const watch = new Watch(session, nearby);
  await watch.learn();
  const second = await remove();
  const elsewhere = await watch.changes();
  const observed = [
    ...(second.status >= 500 ? [`the second DELETE: ${statusOf(second)}`] : []),
    ...elsewhere.flatMap(({ before, found }) => inWords(before.url, found)),
  ];
  if (observed.length === 0) return;
  session.report({
    code: "delete-not-idempotent",
    resource,
    method: "DELETE",
    cause:
      "The resource was gone, and the same DELETE once more did something again. Clients and proxies repeat DELETE when a connection breaks, because it promises that this does no harm.",
    observed,
    exchanges: [first, second],
  });
}

/** Sends DELETE with an outdated If-Match. Where it is carried out, another resource takes the place. */
async function verifyCondition(session: Session, scratch: Scratch): Promise<Scratch | null> {
  const { resource, url } = scratch;
  session.lookAt(resource);
  const current = resource.operations.has("GET") ? await session.get(url) : null;
  if (current === null || !isSuccess(current) || getHeader(current.headers, "ETag") === null) return scratch;
  const stale = await write(session, { resource, method: "DELETE", url, headers: [["If-Match", otherTag]] });
  if (!isSuccess(stale)) return scratch;
  reportIgnored(session, resource, "DELETE", [current, stale]);
  session.created.delete(url);
  return createScratch(session, resource);
}
