/** What the options of a gateway are read with, depending on where they come from. */
export interface ParseContext {
  /** For `${NAME}` in the values of `requestHeaders`; null takes those as they are. */
  readonly environment: Readonly<Record<string, string | undefined>> | null;
  /** Reads the JSON of a policy that is named by its file; null where policies are objects only. */
  readonly readPolicyFile: ((name: string) => unknown) | null;
  /** Makes the name of a file absolute, or returns it as it is. */
  resolveFile(name: string): string;
}

/** For options that a program has made. */
export const programContext: ParseContext = {
  environment: null,
  readPolicyFile: null,
  resolveFile: (name) => name,
};
