/**
 * An answer that tells what is wrong, as data.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export interface ProblemAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** `type` of a problem is this and its code. A name, not a place: nothing has to be fetched to tell problems apart. */
export const problemBase = "urn:corsac:problem:";

/**
 * Makes an answer of `application/problem+json`.
 *
 * @param code stable, in kebab-case; the end of the `type`
 * @param title one sentence that is the same for each problem of the type
 * @param detail what to do about this one
 */
export function problemAnswer(
  status: number,
  code: string,
  title: string,
  detail: string,
  {
    headers = [],
    members = {},
  }: { headers?: ProblemAnswer["headers"]; members?: Readonly<Record<string, unknown>> } = {},
): ProblemAnswer {
  const body = `${JSON.stringify({ type: `${problemBase}${code}`, title, status, detail, ...members })}\n`;
  return {
    status,
    headers: [["content-type", "application/problem+json"], ["cache-control", "no-store"], ...headers],
    body,
  };
}
