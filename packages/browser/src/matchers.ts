import { problemInfo } from "@corsac/protocol";
import { giveUpBody } from "./body-source.ts";
import type { RequestInit } from "./fetch-api/request-init.ts";
import type { Page } from "./page/page.ts";

/** What a matcher of Vitest or Jest returns. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The matchers as a test sees them; extend the `Matchers` interface of Vitest or Jest with it. */
export interface CorsMatchers<R = unknown> {
  /** Whether the page gets to read the response of `method` on `url`. Sends the request. */
  toBeAllowedTo(method: string, url: string, init?: RequestInit): R;
}

/**
 * Matchers for `expect.extend` of Vitest and Jest.
 *
 * @example
 * expect.extend(corsMatchers);
 * await expect(page).toBeAllowedTo("PUT", "https://api.example/books/Dune");
 */
export const corsMatchers = {
  async toBeAllowedTo(page: Page, method: string, url: string, init: RequestInit = {}): Promise<MatcherResult> {
    const outcome = await page.attempt(url, { ...init, method });
    const asked = `${page.origin} to ${method} ${url}`;
    if (outcome.kind === "response") {
      const { type, internal } = outcome.response;
      // Nobody reads it; a connection that waits for a reader would keep the server from closing.
      giveUpBody(internal.body);
      if (type === "opaque" || type === "opaqueredirect") {
        return { pass: false, message: () => `expected ${asked} to be allowed, but the response is ${type}` };
      }
      return { pass: true, message: () => `expected ${asked} to be blocked, but the page could read the response` };
    }
    const { code, stage } = outcome.problem;
    const message = () =>
      `expected ${asked} to be allowed, but at the ${stage} stage: ${problemInfo[code].title} (${code})`;
    return { pass: false, message };
  },
};
