import { isDeepStrictEqual } from "node:util";
import { getHeader, type HeaderList } from "@corsac/protocol";
import type { ApiOperation, ApiResource } from "./api-description.ts";
import { nextVariant } from "./create-scratch.ts";
import { contentDifferences, differences, jsonOf, requestId } from "./differences.ts";
import { findUrl } from "./find-url.ts";
import { inWords, isSuccess, type Session, statusOf } from "./session.ts";
import { overrideTo, reportOverride } from "./verify-other-safe-methods.ts";
import { type Readable, Watch } from "./verify-safety.ts";
import type { Answer } from "./wire.ts";
import { idempotencyKey, keepTrack, keyParameter, noteExisting, write } from "./write.ts";

/** Verifies a POST that creates something: Location, repetition with one Idempotency-Key, method overrides. */
export async function verifyPost(session: Session, resource: ApiResource): Promise<void> {
  const url = (await findUrl(session, resource))?.replace(/\?.*$/, "");
  const operation = resource.operations.get("POST");
  if (url === undefined || operation === undefined) return;
  const key = keyParameter(operation);
  await noteExisting(session, resource, url);
  const poster = new Poster(session, { resource, url }, operation);
  const first = await poster.postNew(key === undefined ? [] : [idempotencyKey()]);
  if (!isSuccess(first)) {
    const why = `POST with a sample of the document is answered with ${statusOf(first)}: give an example that works.`;
    return session.leaveOut(resource, ["POST"], why);
  }
  await verifyLocation(session, resource, first);
  if (key !== undefined) await verifyKey(session, { resource, url }, poster, key.required);
  const headers = [...overrideTo("GET"), ...(key === undefined ? [] : [idempotencyKey()])];
  await verifyPostOverride(session, resource, url, () => poster.post(poster.content(), headers));
}

/** Sends POST with contents that the server takes. */
class Poster {
  readonly #session: Session;
  readonly #at: Readable;
  readonly #operation: ApiOperation;
  #isVaried = true;

  constructor(session: Session, at: Readable, operation: ApiOperation) {
    this.#session = session;
    this.#at = at;
    this.#operation = operation;
  }

  /** One like the example of the document, or the example itself where the server takes no other. */
  content(): unknown {
    return this.#operation.content?.sample(this.#isVaried ? { variant: nextVariant() } : {});
  }

  /** Another content, which the server takes as well if it can be. */
  otherContent(): unknown {
    if (this.#isVaried) return this.content();
    // Texts of the example may name what has to exist.
    const other = this.#operation.content?.sample({ variant: 1, keepTexts: true });
    return isDeepStrictEqual(other, this.content()) ? this.#operation.content?.sample({ variant: 1 }) : other;
  }

  async post(content: unknown, headers: HeaderList): Promise<Answer> {
    const { resource, url } = this.#at;
    const answer = await write(this.#session, { resource, method: "POST", url, content, headers });
    if (answer.status === 201) keepTrack(this.#session, resource, answer);
    return answer;
  }

  /** Posts something new, and finds out what the server takes. */
  async postNew(headers: HeaderList): Promise<Answer> {
    const varied = await this.post(this.content(), headers);
    if (varied.status < 400 || varied.status >= 500) return varied;
    this.#isVaried = false;
    // The key has been used for other content now.
    return this.post(this.content(), headers.length === 0 ? [] : [idempotencyKey()]);
  }
}

async function verifyLocation(session: Session, resource: ApiResource, first: Answer): Promise<void> {
  if (first.status !== 201) return;
  const location = getHeader(first.headers, "Location");
  if (location === null) {
    session.report({
      code: "created-without-location",
      resource,
      method: "POST",
      cause: "201 says that something was created, and not where: the client has to guess the URL or search for it.",
      exchanges: [first],
    });
    return;
  }
  const url = URL.canParse(location, first.url) ? new URL(location, first.url) : null;
  if (url !== null && url.origin !== new URL(first.url).origin) return;
  const found = url === null ? null : await session.get(url.href);
  if (found !== null && found.status !== 404 && found.status !== 410 && found.status < 500) return;
  session.report({
    code: "location-not-found",
    resource,
    method: "POST",
    cause: `201 names ${location} as the URL of what was created, and GET there answers ${found === null ? "nothing" : statusOf(found)}.`,
    exchanges: [first, ...(found === null ? [] : [found])],
  });
}

async function verifyKey(
  session: Session,
  { resource, url }: Readable,
  poster: Poster,
  isRequired: boolean,
): Promise<void> {
  const watch = new Watch(session, resource.operations.has("GET") ? [{ resource, url }] : []);
  const [key, content] = [idempotencyKey(), poster.content()];
  const first = await poster.post(content, [key]);
  await watch.learn();
  const again = await poster.post(content, [key]);
  const grown = await watch.changes();
  const observed = [
    ...reportedTwice(first, again),
    ...grown.flatMap(({ before, found }) => inWords(before.url, found)),
  ];
  if (isSuccess(first) && isSuccess(again) && observed.length > 0) {
    session.report({
      code: "idempotency-key-executed-twice",
      resource,
      method: "POST",
      cause:
        "The client repeated a POST with its key, as it does when the first answer was lost, and it was carried out once more: two orders, two payments.",
      observed,
      exchanges: [first, again],
    });
    return;
  }
  reportReplay(session, resource, first, again);
  await verifyOtherContent(session, resource, poster, key, first);
  await verifyAtOnce(session, resource, poster);
  if (isRequired) await verifyMissingKey(session, resource, poster);
}

/** What shows that two answers stand for two executions: another Location, another id. */
function reportedTwice(first: Answer, again: Answer): string[] {
  const [one, other] = [getHeader(first.headers, "Location"), getHeader(again.headers, "Location")];
  if (one !== other && one !== null && other !== null) return [`Location: ${one}, then ${other}`];
  return contentDifferences(first, again)
    .filter(
      ({ at }) =>
        (!requestId.test(at) && /(?:^|[._])(?:id|number|uuid|key)$/i.test(at)) || /[a-z](?:Id|Number)$/.test(at),
    )
    .map(({ at, before, after }) => `${at}: ${before}, then ${after}`);
}

function reportReplay(session: Session, resource: ApiResource, first: Answer, again: Answer): void {
  const [one, other] = [getHeader(first.headers, "Location"), getHeader(again.headers, "Location")];
  const isSame =
    first.status === again.status &&
    one === other &&
    (first.text === again.text || isDeepStrictEqual(jsonOf(first), jsonOf(again)));
  if (isSame) return;
  session.report({
    code: "idempotency-key-replay-differs",
    resource,
    method: "POST",
    cause:
      "It was carried out once, and the repetition gets another answer: a client that lost the first one does not learn what came of its request.",
    observed: [
      ...(one === other ? [] : [`Location: ${one ?? "none"}, then ${other ?? "none"}`]),
      ...inWords(first.url, differences(first, again)),
    ],
    exchanges: [first, again],
  });
}

async function verifyOtherContent(
  session: Session,
  resource: ApiResource,
  poster: Poster,
  key: HeaderList[number],
  first: Answer,
): Promise<void> {
  const other = await poster.post(poster.otherContent(), [key]);
  if (!isSuccess(other)) return;
  session.report({
    code: "idempotency-key-reused-for-other-content",
    resource,
    method: "POST",
    cause:
      "The same key came with other content, and the server answered with success: either it did something else under a used key, or the client believes that its new request was carried out.",
    observed: [`status: ${first.status}, then ${other.status} for other content, want 422`],
    exchanges: [first, other],
  });
}

async function verifyAtOnce(session: Session, resource: ApiResource, poster: Poster): Promise<void> {
  const [key, content] = [idempotencyKey(), poster.content()];
  const [one, other] = await Promise.all([poster.post(content, [key]), poster.post(content, [key])]);
  const observed = isSuccess(one) && isSuccess(other) ? reportedTwice(one, other) : [];
  if (observed.length === 0) return;
  session.report({
    code: "idempotency-key-concurrent-executed-twice",
    resource,
    method: "POST",
    cause:
      "Two requests with one key arrived at the same time, as happens when a client gives up waiting and repeats, and both were carried out.",
    observed,
    exchanges: [one, other],
  });
}

async function verifyMissingKey(session: Session, resource: ApiResource, poster: Poster): Promise<void> {
  const without = await poster.post(poster.content(), []);
  if (!isSuccess(without)) return;
  session.report({
    code: "idempotency-key-not-required",
    resource,
    method: "POST",
    cause: `The document says that the key is required, and POST without it is answered with ${without.status}: clients that forget it never notice, until a repetition does harm.`,
    exchanges: [without],
  });
}

async function verifyPostOverride(
  session: Session,
  resource: ApiResource,
  url: string,
  post: () => Promise<Answer>,
): Promise<void> {
  if (!resource.operations.has("GET")) return;
  const get = await session.get(url);
  const overridden = await post();
  if (!isSuccess(get) || overridden.status !== get.status || overridden.text !== get.text) return;
  reportOverride(session, resource, [get, overridden], "the header X-HTTP-Method-Override", "GET");
}
