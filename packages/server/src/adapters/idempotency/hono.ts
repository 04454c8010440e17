import { type IdempotencyKeyOptions, readIdempotencyOptions } from "../../idempotency/idempotency-options.ts";
import { readCopy, serveIdempotently } from "../fetch-response/serve-idempotently.ts";
import { refuseUncalled } from "../refuse-uncalled.ts";

/** What the adapter uses of Hono's context. */
export interface KeyedHonoContext {
  readonly req: { readonly raw: Request; arrayBuffer(): Promise<ArrayBuffer> };
  res: Response;
  readonly error?: Error | undefined;
}

/**
 * Carries POST and PATCH requests with an `Idempotency-Key` out once, in Hono 4 and every runtime that it runs in: a
 * retry is given the first response again. Use it after `cors` and authentication.
 *
 * @example
 * app.use("/orders", idempotencyKey({ store, required: true }));
 *
 * @throws {TypeError} with everything that is wrong with the options
 */
export function idempotencyKey<Context extends KeyedHonoContext = KeyedHonoContext>(
  ...given: [options?: IdempotencyKeyOptions<Context>]
): (context: Context, next: () => Promise<void>) => Promise<Response | undefined> {
  refuseUncalled("idempotencyKey", given, "app.use(idempotencyKey())");
  const rules = readIdempotencyOptions(given[0] ?? {});
  return async (context, next) => {
    let isServed: Response | null = null;
    const response = await serveIdempotently(
      rules,
      context.req.raw,
      context,
      (limit) => readBody(context, limit),
      async () => {
        await next();
        isServed = context.res;
        return isServed;
      },
    );
    if (isServed === null) return response;
    if (response !== isServed) {
      // Hono would merge the headers of the response before into the new one.
      (context as { res: Response | undefined }).res = undefined;
      context.res = response;
    }
    return undefined;
  };
}

/** Hono keeps what something has read already; otherwise a copy is read, since handlers may read the request itself. */
async function readBody({ req }: KeyedHonoContext, limit: number): Promise<Uint8Array | null> {
  if (!req.raw.bodyUsed) return readCopy(req.raw, limit);
  const body = new Uint8Array(await req.arrayBuffer());
  return body.byteLength > limit ? null : body;
}
