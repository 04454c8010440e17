import type { Page } from "@corsac/browser";
import { corsUnsafeRequestHeaderNames, isCorsSafelistedMethod } from "@corsac/protocol";
import type { CheckPlan } from "./check-plan.ts";

/** What of a refused preflight the server refuses when it is asked for each part alone. */
export interface RefusedParts {
  readonly origin: boolean;
  readonly method: boolean;
  /** Names of request headers, as they were given. */
  readonly headers: readonly string[];
}

/** Each further header is one more preflight: more than this are not asked for. */
const maxHeaders = 8;

/**
 * Asks again for the parts of a preflight that was refused as a whole, one by one: a server that refuses says nothing
 * about the reason. Sends preflights only; `null` when every part alone is granted.
 */
export async function narrowRefusal(page: Page, plan: CheckPlan): Promise<RefusedParts | null> {
  const { href } = plan.url;
  const { credentials } = plan;
  const isGranted = async (init: object, uploadListener = false): Promise<boolean> => {
    const { problem } = await page.preflight(href, { credentials, ...init }, { uploadListener });
    return problem === null;
  };
  // A request that needs no permission but the origin's is announced if somebody listens to the upload.
  if (!(await isGranted({ method: "POST" }, true))) return { origin: true, method: false, headers: [] };
  const method = !isCorsSafelistedMethod(plan.method) && !(await isGranted({ method: plan.method }));
  const unsafe = plan.headers
    .filter((header) => corsUnsafeRequestHeaderNames([header]).length > 0)
    .slice(0, maxHeaders);
  const headers: string[] = [];
  for (const [name, value] of unsafe) {
    if (!(await isGranted({ headers: [[name, value]] }))) headers.push(name);
  }
  return method || headers.length > 0 ? { origin: false, method, headers } : null;
}
