import { getHeader } from "@corsac/protocol";
import type { ApiResource } from "./api-description.ts";
import { isSuccess, type Session, statusOf } from "./session.ts";
import type { Readable, SafeAnswers } from "./verify-safety.ts";
import type { Answer } from "./wire.ts";
import { otherTag } from "./write.ts";

const entityTag = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;
const kept = ["Cache-Control", "Content-Location", "ETag", "Expires", "Vary"];

/** Verifies validators, conditional GET and what is said to caches. */
export async function verifyConditional(
  session: Session,
  { resource, url }: Readable,
  { gets }: SafeAnswers,
): Promise<void> {
  const [one, get] = gets;
  if (get.status !== 200) return;
  const modified = getHeader(get.headers, "Last-Modified");
  const tag = getHeader(get.headers, "ETag");
  noteCaching(session, resource, get);
  if (tag !== null && verifyTag(session, resource, one, get, tag)) await verifyIfNoneMatch(session, resource, get, tag);
  if (modified === null || Number.isNaN(Date.parse(modified))) return;
  const since = await session.get(url, [["If-Modified-Since", modified]]);
  if (since.status === 200 && getHeader(since.headers, "Last-Modified") === modified) {
    session.report({
      code: "if-modified-since-ignored",
      resource,
      method: "GET",
      cause: `The answer says when it was last modified, and asked with this very date it is sent again in full. Clients that know no ETag download what they have.`,
      exchanges: [get, since],
    });
  }
}

function noteCaching(session: Session, resource: ApiResource, get: Answer): void {
  const control = getHeader(get.headers, "Cache-Control");
  if (/no-store/i.test(control ?? "")) return;
  const hasValidator = ["ETag", "Last-Modified"].some((name) => getHeader(get.headers, name) !== null);
  if (!hasValidator) {
    session.report({
      code: "validators-missing",
      resource,
      method: "GET",
      cause:
        "Without a validator every reading transfers everything, and a client that changes the resource cannot say which version it has seen.",
      exchanges: [get],
    });
  }
  if (control === null && getHeader(get.headers, "Expires") === null) {
    session.report({
      code: "cache-control-missing",
      resource,
      method: "GET",
      cause:
        "Without Cache-Control each cache decides by itself how long it keeps the answer: browsers, proxies and CDNs differently.",
      exchanges: [get],
    });
  }
}

function verifyTag(session: Session, resource: ApiResource, one: Answer, get: Answer, tag: string): boolean {
  if (!entityTag.test(tag)) {
    session.report({
      code: "etag-malformed",
      resource,
      method: "GET",
      cause: `ETag: ${tag} is no entity tag, which stands in double quotes. Caches drop it or compare it with nothing, so nothing is ever revalidated.`,
      observed: [`ETag: ${tag}`],
      exchanges: [get],
    });
    return false;
  }
  const before = getHeader(one.headers, "ETag");
  if (one.text !== get.text || before === tag) return true;
  session.report({
    code: "etag-unstable",
    resource,
    method: "GET",
    cause:
      "Two answers with the same content have different tags: nobody is ever told 304, and no If-Match ever matches.",
    observed: [`ETag: ${before}, then ${tag}`],
    exchanges: [one, get],
  });
  return false;
}

async function verifyIfNoneMatch(session: Session, resource: ApiResource, get: Answer, tag: string): Promise<void> {
  const ask = (value: string, ...more: [string, string][]) => session.get(get.url, [["If-None-Match", value], ...more]);
  const same = await ask(tag);
  // Somebody changed it meanwhile.
  if (isSuccess(same) && getHeader(same.headers, "ETag") !== tag) return;
  if (same.status !== 304) {
    session.report({
      code: "if-none-match-ignored",
      severity: isSuccess(same) ? "warning" : "error",
      resource,
      method: "GET",
      cause: `Asked with the ETag that it just sent, the server answers ${statusOf(same)} and not 304: the tag saves nobody anything.`,
      exchanges: [get, same],
    });
    return;
  }
  reportLacking(session, resource, get, same);
  await verifyOtherTag(session, resource, get, ask);
  await verifyComparison(session, resource, tag, ask);
}

function reportLacking(session: Session, resource: ApiResource, get: Answer, same: Answer): void {
  const lacking = kept.filter(
    (name) => getHeader(get.headers, name) !== null && getHeader(same.headers, name) === null,
  );
  if (lacking.length === 0) return;
  session.report({
    code: "not-modified-lacks-header",
    resource,
    method: "GET",
    cause: `304 lacks ${lacking.join(", ")}, which 200 has. A cache updates what it stored with the headers of the 304, and cannot with those that are not there.`,
    observed: lacking.map((name) => `${name}: ${getHeader(get.headers, name)} with 200, none with 304`),
    exchanges: [get, same],
  });
}

type Ask = (value: string, ...more: [string, string][]) => Promise<Answer>;

async function verifyOtherTag(session: Session, resource: ApiResource, get: Answer, ask: Ask): Promise<void> {
  const modified = getHeader(get.headers, "Last-Modified");
  const other = await ask(otherTag);
  const both = other.status === 304 || modified === null ? null : await ask(otherTag, ["If-Modified-Since", modified]);
  const wrong = other.status === 304 ? other : both?.status === 304 ? both : null;
  if (wrong === null) return;
  session.report({
    code: "not-modified-wrongly",
    resource,
    method: "GET",
    cause:
      wrong === other
        ? "The client says that it has another version, and is told that nothing changed: it keeps the old one for ever."
        : "If-None-Match says that the client has another version; If-Modified-Since beside it must not count, and did. Two changes within a second go unseen.",
    observed: [`If-None-Match: ${otherTag} → 304`],
    exchanges: [get, wrong],
  });
}

async function verifyComparison(session: Session, resource: ApiResource, tag: string, ask: Ask): Promise<void> {
  const turned = tag.startsWith("W/") ? tag.slice(2) : `W/${tag}`;
  const forms = [turned, `${otherTag}, ${tag}`, "*"];
  const failed: Answer[] = [];
  const observed: string[] = [];
  for (const form of forms) {
    const answer = await ask(form);
    if (answer.status === 304) continue;
    failed.push(answer);
    observed.push(`If-None-Match: ${form} → ${statusOf(answer)}, not 304`);
  }
  if (failed.length === 0) return;
  session.report({
    code: "if-none-match-compared-wrongly",
    resource,
    method: "GET",
    cause:
      "The header is a list of tags, compared weakly: caches send all versions they have, and proxies that compress turn strong tags into weak ones.",
    observed,
    exchanges: failed,
  });
}
