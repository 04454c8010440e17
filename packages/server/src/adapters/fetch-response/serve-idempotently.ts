import { beginRequest, isUnkeyed, replayHeader } from "../../idempotency/begin-request.ts";
import { hasRun, rememberRun } from "../../idempotency/idempotency-of.ts";
import type { IdempotencyRules } from "../../idempotency/idempotency-options.ts";
import type { StoredResponse } from "../../idempotency/idempotency-store.ts";
import type { IdempotentRun } from "../../idempotency/idempotent-run.ts";
import { bodyAtHand, concat } from "./body-at-hand.ts";
import { answerResponse } from "./serve-resource.ts";

/**
 * Applies keys to a request.
 *
 * @param readBody reads the body without taking it from the application
 * @param serve is the application
 */
export async function serveIdempotently<Scoped>(
  rules: IdempotencyRules<Scoped>,
  request: Request,
  scoped: Scoped,
  readBody: (limit: number) => Promise<Uint8Array | null>,
  serve: () => Response | PromiseLike<Response>,
): Promise<Response> {
  const { method } = request;
  if (isUnkeyed(rules, method, request.headers.get("idempotency-key")) || hasRun(request)) return serve();
  const { pathname, search } = new URL(request.url);
  const headerOf = (name: string) => request.headers.get(name);
  const verdict = await beginRequest(rules, { method, target: pathname + search, headerOf, readBody }, scoped);
  switch (verdict.kind) {
    case "pass":
      return serve();
    case "answer":
      return answerResponse(verdict.answer, method);
    case "replay": {
      const { status, headers, body } = verdict.response;
      const lines = [...headers, [replayHeader, "true"]].map(([name, value]): [string, string] => [
        name as string,
        value as string,
      ]);
      return new Response(body.byteLength === 0 ? null : new Uint8Array(body), { status, headers: lines });
    }
    case "run": {
      const { run } = verdict;
      rememberRun(request, run);
      let response: Response;
      try {
        response = await serve();
      } catch (error) {
        await run.abandon();
        throw error;
      }
      return capture(response, run);
    }
  }
}

/** Reads a copy of a request's body; null when it is longer than the limit. */
export async function readCopy(request: Request, limit: number): Promise<Uint8Array | null> {
  const { body } = request.clone();
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let result = await reader.read(); result.done !== true; result = await reader.read()) {
    length += result.value.byteLength;
    if (length > limit) {
      // The copy cannot be cancelled alone without the request waiting for it; it is dropped with the request.
      reader.cancel().catch(() => {});
      return null;
    }
    chunks.push(result.value);
  }
  return concat(chunks, length);
}

/**
 * Takes a response down. One that is all there is kept before it goes out; of a stream the end waits until it is kept,
 * so that whoever has got the whole response can rely on getting it again.
 */
async function capture(response: Response, run: IdempotentRun): Promise<Response> {
  const { status, statusText, headers } = response;
  const head = { status, headers: [...headers] };
  const finish = (body: StoredResponse["body"]) => run.finish({ ...head, body });
  if (response.body === null) {
    await finish(new Uint8Array());
    return response;
  }
  const { bytes, chunks, rest } = await bodyAtHand(response.body, run.maxResponseBytes);
  const init = { status, statusText, headers };
  if (rest === null) {
    const body = bytes ?? new Uint8Array();
    await finish(body);
    return new Response(body, init);
  }
  return new Response(
    passOn({ chunks, rest }, run.maxResponseBytes, finish, () => run.abandon()),
    init,
  );
}

type Streamed = {
  readonly chunks: readonly Uint8Array[];
  readonly rest: NonNullable<Awaited<ReturnType<typeof bodyAtHand>>["rest"]>;
};

/** Passes a stream on and takes it down. A client that goes away does not keep the application from being done. */
function passOn(
  { chunks, rest: { reader, pending } }: Streamed,
  limit: number,
  finish: (body: Uint8Array | null) => Promise<void>,
  abandon: () => Promise<void>,
): ReadableStream<Uint8Array> {
  const taken = [...chunks];
  let length = taken.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  let next: typeof pending | null = pending;
  const read = async (): Promise<Uint8Array | null> => {
    const result = await (next ?? reader.read());
    next = null;
    if (result.done === true) {
      await finish(length > limit ? null : concat(taken, length));
      return null;
    }
    length += result.value.byteLength;
    if (length > limit) taken.length = 0;
    else taken.push(result.value);
    return result.value;
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
    },
    async pull(controller) {
      try {
        const chunk = await read();
        if (chunk === null) controller.close();
        else controller.enqueue(chunk);
      } catch (error) {
        await abandon();
        controller.error(error);
      }
    },
    async cancel() {
      try {
        while ((await read()) !== null);
      } catch {
        await abandon();
      }
    },
  });
}
