import { isDeepStrictEqual } from "node:util";
import { getHeader } from "@corsac/protocol";
import type { ApiResource } from "./api-description.ts";
import { contentFor, type Scratch } from "./create-scratch.ts";
import { contentDifferences, type Difference, differences, jsonOf } from "./differences.ts";
import { isObject } from "./resolve-reference.ts";
import { inWords, isSuccess, type Session, statusOf } from "./session.ts";
import { type Readable, Watch } from "./verify-safety.ts";
import type { Answer } from "./wire.ts";
import { write } from "./write.ts";

/** Verifies PUT on a resource of the run's own: stored, the same when repeated, and replacing. */
export async function verifyPut(session: Session, scratch: Scratch, nearby: readonly Readable[]): Promise<void> {
  const { resource, url, name } = scratch;
  const put = (options: { requiredOnly?: boolean; variant?: number }) =>
    write(session, { resource, method: "PUT", url, content: contentFor(resource, name, options) });
  const first = scratch.created.method === "PUT" ? scratch.created : await put({});
  if (first.status === 202) return session.leaveOut(resource, ["PUT"], "PUT answers 202: it is carried out later.");
  if (!isSuccess(first)) {
    return session.leaveOut(
      resource,
      ["PUT"],
      `PUT with a sample of the document is answered with ${statusOf(first)}.`,
    );
  }
  const stored = await session.get(url);
  if (!isSuccess(stored)) return reportNothingStored(session, resource, [first, stored]);
  await verifyRepetition(session, { resource, url }, stored, () => put({}), nearby);
  await verifyReplacement(session, scratch, put);
  await put({});
}

/** Sends the PUT that led to `stored` again, and sees whether that changes more. */
export async function verifyRepetition(
  session: Session,
  { resource, url }: Readable,
  stored: Answer,
  put: () => Promise<Answer>,
  nearby: readonly Readable[],
): Promise<void> {
  const watch = new Watch(session, nearby);
  const control: Answer[] = [];
  await watch.learn(async () => control.push(await session.get(url)));
  const restless = new Set(control.flatMap((each) => differences(stored, each).map(({ at }) => at)));
  const again = await put();
  const after = await session.get(url);
  const elsewhere = await watch.changes();
  const own = differences(stored, after).filter(({ at }) => !restless.has(at));
  const observed = [
    ...(again.status >= 500 ? [`the second PUT: ${statusOf(again)}`] : []),
    ...inWords(url, own.filter(isNoValidator)),
    ...elsewhere.flatMap(({ before, found }) => inWords(before.url, found.filter(isNoValidator))),
  ];
  if (observed.length > 0) {
    session.report({
      code: "put-not-idempotent",
      resource,
      method: "PUT",
      cause:
        "The same PUT was sent twice, and the second changed something more. Clients and proxies repeat PUT when a connection breaks, because it promises that this does no harm.",
      observed,
      exchanges: [again, stored, after],
    });
  }
  if (again.status === 201) {
    session.report({
      code: "put-replaced-with-201",
      resource,
      method: "PUT",
      cause: "The resource was there, and PUT answered 201: the client believes that it created something.",
      exchanges: [stored, again],
    });
  }
}

/** That something was written again shows in its validators, and those of its collection, and does no harm. */
function isNoValidator({ at }: Difference): boolean {
  return at !== "ETag" && at !== "Last-Modified";
}

async function verifyReplacement(
  session: Session,
  { resource, url, name }: Scratch,
  put: (options: { requiredOnly?: boolean; variant?: number }) => Promise<Answer>,
): Promise<void> {
  const before = await session.get(url);
  const full = contentFor(resource, name, { variant: 1 });
  const replaced = await put({ variant: 1 });
  const after = await session.get(url);
  if (!isSuccess(replaced) || !isSuccess(after)) return;
  const isChanged = contentDifferences(before, after).length > 0;
  if (!isChanged && wasShown(before, contentFor(resource, name), full)) {
    return reportNothingStored(session, resource, [before, replaced, after]);
  }
  const [old, tag] = [getHeader(before.headers, "ETag"), getHeader(after.headers, "ETag")];
  if (isChanged && tag !== null && old === tag) {
    session.report({
      code: "etag-unchanged-after-change",
      resource,
      method: "PUT",
      cause:
        "Caches and clients that ask with this tag are told that nothing changed and keep what is outdated; If-Match lets them overwrite it.",
      observed: [...inWords(url, contentDifferences(before, after)), `ETag: ${tag} both times`],
      exchanges: [before, replaced, after],
    });
  }
  const least = contentFor(resource, name, { variant: 1, requiredOnly: true });
  const reduced = await put({ variant: 1, requiredOnly: true });
  const left = await session.get(url);
  if (!isObject(full) || !isObject(least) || !isSuccess(reduced)) return;
  const kept = Object.keys(full).filter(
    (member) =>
      !Object.hasOwn(least, member) &&
      isDeepStrictEqual(memberOf(after, member), full[member]) &&
      isDeepStrictEqual(memberOf(left, member), full[member]),
  );
  if (kept.length === 0) return;
  session.report({
    code: "put-merges",
    resource,
    method: "PUT",
    cause: `PUT without ${kept.join(", ")} left the old ${kept.length === 1 ? "value" : "values"} there. PUT says what the resource is from now on; a client can no longer remove anything, and two clients get a mixture.`,
    observed: kept.map((member) => `${member}: still ${JSON.stringify(full[member])}`),
    exchanges: [reduced, left],
  });
}

// Only what GET showed before can be missed after: some members are written and never shown.
function wasShown(before: Answer, old: unknown, full: unknown): boolean {
  if (!isObject(old) || !isObject(full)) return false;
  return Object.keys(full).some(
    (member) =>
      !isDeepStrictEqual(old[member], full[member]) && isDeepStrictEqual(memberOf(before, member), old[member]),
  );
}

function memberOf(answer: Answer, name: string): unknown {
  const json = jsonOf(answer);
  if (!isObject(json)) return undefined;
  return Object.hasOwn(json, name) ? json[name] : isObject(json.data) ? json.data[name] : undefined;
}

function reportNothingStored(session: Session, resource: ApiResource, exchanges: readonly Answer[]): void {
  const last = exchanges.at(-1);
  session.report({
    code: "put-not-effective",
    resource,
    method: "PUT",
    cause: `PUT answered with success, and GET afterwards ${last !== undefined && isSuccess(last) ? "shows what was there before" : `answers ${last?.status}`}.`,
    exchanges,
  });
}
