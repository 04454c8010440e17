import type { ApiResource } from "./api-description.ts";
import { type Difference, differences, isAtList } from "./differences.ts";
import { inWords, isSuccess, type Session } from "./session.ts";
import type { Answer, Call } from "./wire.ts";

/** A resource that can be read. */
export interface Readable {
  readonly resource: ApiResource;
  readonly url: string;
}

/** What the further checks of a resource build upon. */
export interface SafeAnswers {
  /** Two answers to GET, one right after the other. */
  readonly gets: readonly [Answer, Answer];
  readonly head: Answer;
  readonly options: Answer;
}

/**
 * Sends GET, HEAD and OPTIONS and reads the resources nearby before and after each, to see whether one of them changes
 * something. What changes although nothing is sent to the resource is left out.
 *
 * @param nearby resources whose state may depend on this one
 */
export async function verifySafety(
  session: Session,
  { resource, url }: Readable,
  nearby: readonly Readable[],
): Promise<SafeAnswers> {
  const watch = new Watch(session, nearby);
  await watch.learn();
  const first = await sendWatched(session, resource, { method: "GET", url }, watch);
  const gets: [Answer, Answer] = [await session.get(url), await session.get(url)];
  const isSteady = reportOwnChange(session, resource, [first, ...gets]);
  if (session.has("safe-method-changes-state", resource, "GET")) await watch.refresh();
  else if (isSteady && isSuccess(gets[1])) watch.add({ resource, url }, gets[1]);
  const head = await sendWatched(session, resource, { method: "HEAD", url }, watch);
  const options = await sendWatched(session, resource, { method: "OPTIONS", url }, watch);
  return { gets, head, options };
}

/** Sends a request that should be safe, and reports it when something changes. */
export async function sendWatched(session: Session, resource: ApiResource, call: Call, watch: Watch): Promise<Answer> {
  session.lookAt(resource);
  const answer = await session.send(call);
  const changed = await watch.changes();
  session.lookAt(resource);
  if (changed.length === 0) return answer;
  session.report({
    code: "safe-method-changes-state",
    resource,
    method: call.method,
    cause: `Something else reads differently after ${call.method} than before, and did not change by itself in between. Crawlers, previews, caches and retries send ${call.method} unasked, because it promises to change nothing.`,
    observed: changed.flatMap(({ before, found }) => inWords(before.url, found)),
    exchanges: [answer, ...changed.flatMap(({ before, after }) => [before, after])],
  });
  return answer;
}

interface Change {
  readonly before: Answer;
  readonly after: Answer;
  readonly found: readonly Difference[];
}

/** Reads resources again and again, and knows which of their places change by themselves. */
export class Watch {
  readonly #session: Session;
  readonly #places: { readonly readable: Readable; last: Answer | null; readonly restless: Set<string> }[];

  constructor(session: Session, readables: readonly Readable[]) {
    this.#session = session;
    this.#places = readables.map((readable) => ({ readable, last: null, restless: new Set() }));
  }

  /** Also watches a resource whose state is known. */
  add(readable: Readable, last: Answer): void {
    this.#places.push({ readable, last, restless: new Set() });
  }

  /**
   * Reads everything twice, to learn what changes anyway.
   *
   * @param between what the request in question does beside what is in question: its effect is learnt too
   */
  async learn(between: () => Promise<unknown> = async () => {}): Promise<void> {
    await this.refresh();
    await between();
    await this.#learnMore();
  }

  async refresh(): Promise<void> {
    for (const place of this.#places) place.last = await this.#read(place.readable);
  }

  /** What changed since the last reading, without what changes by itself. */
  async changes(): Promise<Change[]> {
    const changed: Change[] = [];
    for (const place of this.#places) {
      const [before, after] = [place.last, await this.#read(place.readable)];
      place.last = after;
      const found = before === null ? [] : differences(before, after).filter(({ at }) => !place.restless.has(at));
      if (before !== null && found.length > 0) changed.push({ before, after, found });
    }
    if (changed.length === 0) return changed;
    // Somebody else may be writing: what goes on changing is not ours.
    await this.#learnMore();
    const restlessAt = (url: string) => this.#places.find(({ readable }) => readable.url === url)?.restless;
    return changed
      .map((each) => ({ ...each, found: each.found.filter(({ at }) => restlessAt(each.before.url)?.has(at) !== true) }))
      .filter(({ found }) => found.length > 0);
  }

  async #learnMore(): Promise<void> {
    for (const place of this.#places) {
      const again = await this.#read(place.readable);
      const found = place.last === null ? [] : differences(place.last, again);
      for (const { at } of found) place.restless.add(at);
      place.last = again;
    }
  }

  #read({ resource, url }: Readable): Promise<Answer> {
    this.#session.lookAt(resource);
    return this.#session.get(url);
  }
}

/**
 * Looks for what a resource's own GET does to it. Three answers tell a counter (the same step twice), a growing list and
 * a change at the first reading from clocks and chance, which change without end and without rule.
 *
 * @returns whether the answers are the same, as far as can be told
 */
function reportOwnChange(session: Session, resource: ApiResource, answers: readonly [Answer, Answer, Answer]): boolean {
  const [first, second, third] = answers;
  if (!answers.every(isSuccess)) return first.status === third.status;
  const [early, late] = [differences(first, second), differences(second, third)];
  const lasting = early.filter((each) => isEffect(each, late));
  if (lasting.length > 0) {
    session.report({
      code: "safe-method-changes-state",
      resource,
      method: "GET",
      cause:
        "Reading the resource changes what the next reader gets. Crawlers, previews, caches and retries send GET unasked, because it promises to change nothing.",
      observed: inWords(first.url, lasting),
      exchanges: [first, second],
    });
  }
  return late.length === 0;
}

function isEffect(early: Difference, late: readonly Difference[]): boolean {
  if (early.at === "ETag" || early.at === "Last-Modified" || early.at === "") return false;
  const again = late.find(({ at }) => at === early.at);
  // Changed by the first reading only: marked as read, taken from a queue.
  if (again === undefined) return late.length === 0;
  const { before, after } = early;
  if (typeof before === "boolean" && typeof after === "boolean") return true;
  if (typeof before !== "number" || typeof after !== "number" || typeof again.after !== "number") return false;
  const isRegular = after - before === again.after - after && Number.isInteger(after - before);
  return isRegular || (isAtList(early) && Math.sign(after - before) === Math.sign(again.after - after));
}
