import { isSafeMethod } from "@corsac/protocol";
import type { ApiResource } from "./api-description.ts";
import { createScratch, nextVariant } from "./create-scratch.ts";
import { findUrl } from "./find-url.ts";
import { allowedMethods, isRefusal, isSuccess, type Session } from "./session.ts";
import { verifyDelete } from "./verify-delete.ts";
import { reportMissing, reportRefused } from "./verify-options.ts";
import { overrideTo, reportOverride, withMethod } from "./verify-other-safe-methods.ts";
import { verifyPost } from "./verify-post.ts";
import { verifyPreconditions } from "./verify-preconditions.ts";
import { verifyPut, verifyRepetition } from "./verify-put.ts";
import { verifySafeMethods } from "./verify-safe-methods.ts";
import type { Readable } from "./verify-safety.ts";
import type { Answer } from "./wire.ts";
import { isItem, itemOf, keyParameter, write } from "./write.ts";

/**
 * Verifies the unsafe methods of a resource: on one that the run creates for itself; by PUT of what GET returned where
 * there is only one; POST where it creates something. Everything else is left alone.
 */
export async function verifyWrites(
  session: Session,
  resource: ApiResource,
  nearby: readonly Readable[],
): Promise<void> {
  const methods = [...resource.operations.keys()].filter((method) => !isSafeMethod(method));
  if (isItem(resource)) {
    if (methods.length > 0 || session.isUntouched(resource)) await verifyItem(session, resource, methods, nearby);
    else await verifyUnknownMethod(session, resource, await findUrl(session, resource));
    return;
  }
  await verifyUnknownMethod(session, resource, await findUrl(session, resource));
  const post = resource.operations.get("POST");
  if (post !== undefined && (post.creates || itemOf(session, resource) !== null || keyParameter(post) !== undefined)) {
    await verifyPost(session, resource);
  }
  if (resource.operations.has("PUT")) await verifyOwnContent(session, resource);
  const sent = new Set(session.writesTo(resource).map(({ method }) => method));
  const left = methods.filter((method) => !sent.has(method));
  session.leaveOut(resource, left, "Sending it could change what this run did not create.");
}

async function verifyItem(
  session: Session,
  resource: ApiResource,
  methods: readonly string[],
  nearby: readonly Readable[],
): Promise<void> {
  const isUntouched = session.isUntouched(resource);
  const scratch = await createScratch(session, resource);
  if (scratch === null) {
    const why = "This run could not create a resource of its own, by PUT or POST with a sample of the document.";
    return session.leaveOut(resource, methods, why);
  }
  const { url } = scratch;
  if (isUntouched) {
    // Nothing of its kind was there before.
    session.takeUp(resource);
    await verifySafeMethods(session, { resource, url }, nearby);
  }
  const readable = resource.operations.has("GET");
  if (resource.operations.has("PUT") && readable) {
    await verifyPut(session, scratch, nearby);
    await verifyPreconditions(session, { resource, url }, "PUT", () => sampleOf(resource, "PUT", scratch.name));
  }
  if (resource.operations.has("PATCH") && readable) {
    await verifyPreconditions(session, { resource, url }, "PATCH", () => sampleOf(resource, "PATCH", scratch.name));
    await write(session, { resource, method: "PATCH", url, content: sampleOf(resource, "PATCH", scratch.name) });
  }
  await verifyUnknownMethod(session, resource, url);
  const isGone = await verifyUnsafeOverride(session, { resource, url });
  const left = isGone ? await createScratch(session, resource) : scratch;
  if (resource.operations.has("DELETE") && left !== null) await verifyDelete(session, left, nearby);
  const again = await createScratch(session, resource);
  if (again !== null) await verifyAllowedWrites(session, resource, again.url);
}

function sampleOf(resource: ApiResource, method: string, name: string): unknown {
  const content = resource.operations.get(method)?.content?.sample({ variant: nextVariant() });
  const parameter = /\{([^}]+)\}$/.exec(resource.path)?.[1] ?? "";
  const isNamed = typeof content === "object" && content !== null && Object.hasOwn(content, parameter);
  return isNamed ? { ...content, [parameter]: name } : content;
}

/** Compares Allow with how the unsafe methods were answered; those that it lists and nobody sent yet are sent now. */
async function verifyAllowedWrites(session: Session, resource: ApiResource, url: string): Promise<void> {
  session.lookAt(resource);
  const options = await session.send({ method: "OPTIONS", url });
  const allowed = allowedMethods(options);
  if (allowed === null || !isSuccess(options)) return;
  for (const method of ["PATCH", "PUT", "DELETE"]) {
    const wasSent = session.writesTo(resource).some((answer) => answer.method === method);
    if (allowed.includes(method) && !wasSent) await session.send({ method, url });
  }
  const answers = session.writesTo(resource);
  const refused = answers.find((answer) => isRefusal(answer) && allowed.includes(answer.method));
  if (refused !== undefined) reportRefused(session, resource, options, refused);
  const missing = new Map<string, Answer>();
  for (const answer of answers) {
    if (isSuccess(answer) && !allowed.includes(answer.method) && resource.operations.has(answer.method)) {
      missing.set(answer.method, answer);
    }
  }
  if (missing.size === 0) return;
  // The guess from the document alone was right, and is known now.
  session.withdraw("allow-omits-method", resource);
  reportMissing(session, resource, options, [...missing.values()]);
}

/** PUT of what GET returned changes nothing where there is only one of a kind, and tells whether it stays so. */
async function verifyOwnContent(session: Session, resource: ApiResource): Promise<void> {
  const url = await findUrl(session, resource);
  if (url === null || !resource.operations.has("GET")) return;
  session.lookAt(resource);
  const { text, status, isCut } = await session.get(url);
  if (status !== 200 || isCut) return;
  const put = () => write(session, { resource, method: "PUT", url, content: parsed(text) });
  const first = await put();
  if (!isSuccess(first)) return;
  await verifyRepetition(session, { resource, url }, await session.get(url), put, []);
  await verifyPreconditions(session, { resource, url }, "PUT", () => parsed(text));
  await put();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Sends a method that nobody knows. Where the server's parser refuses it, one that parsers know and no registry has. */
async function verifyUnknownMethod(session: Session, resource: ApiResource, url: string | null): Promise<void> {
  if (url === null) return;
  session.lookAt(resource);
  const madeUp = await session.send({ method: "CORSAC", url });
  const isParsers = madeUp.status === 400 || madeUp.status === 0;
  const answer = isParsers ? await session.send({ method: "M-SEARCH", url }) : madeUp;
  if (answer.status >= 500 && answer.status !== 501) {
    session.report({
      code: "unknown-method-server-error",
      resource,
      method: answer.method,
      cause: `${answer.method} is answered with ${answer.status}, as if the server were broken: monitors raise alarms, and proxies take it out of service.`,
      exchanges: [answer],
    });
  }
  if (!isSuccess(answer)) return;
  session.report({
    code: "unknown-method-accepted",
    resource,
    method: answer.method,
    cause: `${answer.method} means nothing here and is answered with ${answer.status}: some handler does not look at the method, and rules that go by the method do not apply to it.`,
    exchanges: [answer],
  });
}

/** Asks a resource of the run's own to be deleted by GET. Returns whether it was. */
async function verifyUnsafeOverride(session: Session, { resource, url }: Readable): Promise<boolean> {
  const ways = [
    { call: { method: "GET", url, headers: overrideTo("DELETE") }, what: "the header X-HTTP-Method-Override" },
    { call: { method: "GET", url: withMethod(url, "DELETE") }, what: "the parameter _method" },
  ];
  for (const { call, what } of ways) {
    session.lookAt(resource);
    const before = await session.get(url);
    if (!isSuccess(before)) return false;
    const overridden = await session.send(call);
    const after = await session.get(url);
    if (after.status !== 404 && after.status !== 410) continue;
    session.created.delete(url);
    reportOverride(session, resource, [before, after, overridden], what, "DELETE");
    return true;
  }
  return false;
}
