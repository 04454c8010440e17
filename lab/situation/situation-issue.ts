/** One thing that is wrong with a situation, for the field that it stands in. */
export interface SituationIssue {
  /** Keys from the outside in, such as `["request", "headers", 0, 1]`; `["server", "policy", "origins", 0]` for a policy. */
  readonly path: readonly (string | number)[];
  /** One sentence for a person. */
  readonly message: string;
  /** What to write there instead; `null` when nobody can tell. */
  readonly suggestion: boolean | number | string | readonly string[] | null;
}
