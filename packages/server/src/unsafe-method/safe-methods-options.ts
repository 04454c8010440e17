/** What `safeMethods` takes. */
export interface SafeMethodsOptions {
  /** Log what `assertUnsafeMethod` would refuse, once for each route, and refuse nothing. Default false. */
  readonly reportOnly?: boolean;
}

/** Returns the path of a request target: what stands for the route where no framework tells it. */
export function pathOf(target: string | undefined): string {
  return (target ?? "/").replace(/\?.*$/s, "");
}
