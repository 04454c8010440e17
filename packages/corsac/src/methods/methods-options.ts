/** What to verify, and how. Only the target has to be given. */
export interface VerifyMethodsOptions {
  /** An OpenAPI 3.0 or 3.1 document in JSON: its URL or a file. Or the URL of one resource. */
  readonly target: string | URL;
  /** The address of the API, when the document does not name it or names another. */
  readonly server?: string | URL;
  /** Request headers for every request, such as `Authorization`. */
  readonly headers?: Iterable<readonly [name: string, value: string]> | Readonly<Record<string, string>>;
  /** Sent as `Origin`, for APIs that let only certain pages change something. */
  readonly origin?: string;
  /** Whether unsafe methods may be sent too. Only to loopback hosts and to {@link confirmHost}. Default `false`. */
  readonly allowUnsafe?: boolean;
  /** The host, such as `api.example`, that may receive unsafe methods although it is not this machine. */
  readonly confirmHost?: string;
  /** Seconds for one answer, up to 86400. Default 10. */
  readonly timeout?: number;
  /** Requests in all, without those that remove what was created. Default 1000. */
  readonly budget?: number;
  /** Seconds in all, up to 86400. Default 300. */
  readonly timeLimit?: number;
  /** Stops the run; the report then holds what was found so far. */
  readonly signal?: AbortSignal;
  /** Told before each request. */
  readonly onProgress?: (progress: Progress) => void;
}

/** How far a run is. */
export interface Progress {
  /** Requests sent. */
  readonly requests: number;
  /** Steps done, of {@link steps}. */
  readonly done: number;
  readonly steps: number;
  /** The request about to be sent, such as `GET /books`. */
  readonly current: string;
}

/** Everything that is wrong with {@link VerifyMethodsOptions}, each in one sentence that says what to write instead. */
export class VerifyMethodsOptionsError extends Error {
  override readonly name = "VerifyMethodsOptionsError";
  readonly issues: readonly string[];

  constructor(issues: readonly string[]) {
    super(issues.join(" "));
    this.issues = issues;
  }
}
