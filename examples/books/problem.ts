/** A member of a request that is not as it should be. */
export interface Fault {
  /** Where it is in the body: a JSON pointer as a fragment. */
  readonly pointer?: string;
  /** Which member of the query it is. */
  readonly parameter?: string;
  /** What it has to be. */
  readonly detail: string;
}

/** Finds fault with members of an object that nobody knows, such as misspelt ones. */
export function unknownMembers(members: object, detail: string): Fault[] {
  return Object.keys(members).map((name) => ({
    pointer: `#/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`,
    detail,
  }));
}

/** What a problem has besides status, code and title. */
export interface ProblemDetails {
  readonly detail?: string;
  readonly errors?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Thrown where a request cannot be carried out; becomes an answer of `application/problem+json`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of the answer. */
  readonly body: string;

  /**
   * @param code stable, in kebab-case; the end of `type`
   * @param title one sentence, the same for each problem of the code
   */
  constructor(status: number, code: string, title: string, { detail, errors, headers = {} }: ProblemDetails = {}) {
    super(title);
    this.status = status;
    this.headers = { "content-type": "application/problem+json", "cache-control": "no-store", ...headers };
    this.body = JSON.stringify({ type: `urn:books:problem:${code}`, title, status, detail, errors });
  }
}

/** Fastify's own errors have the status of the answer, and a text that is meant for the client below 500. */
interface ErrorOfFastify {
  readonly statusCode?: number;
  readonly code?: string;
}

/** Returns the problem that an error is to the client; null when it is none of the client's making. */
export function problemOf(error: Error & ErrorOfFastify): Problem | null {
  if (error instanceof Problem) return error;
  const { statusCode = 500, code = "bad-request", message } = error;
  if (statusCode < 400 || statusCode > 499) return null;
  const name = code.replace(/^FST_ERR_(?:CTP_)?/, "").replaceAll("_", "-");
  return new Problem(statusCode, name.toLowerCase(), message);
}
