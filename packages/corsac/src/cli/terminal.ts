/** What is known of where the output goes. */
export interface Terminal {
  readonly isTTY: boolean;
  /** Columns, if it is a terminal. */
  readonly columns: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const widest = 100;

/** The columns to fill: those of the terminal, but no more than read well; 80 elsewhere. */
export function widthOf({ columns, env }: Terminal): number {
  const known = columns ?? Number(env.COLUMNS ?? "");
  return known > 0 ? Math.min(known, widest) : 80;
}

/** Whether to colour: the flag beats NO_COLOR, that beats FORCE_COLOR, and that beats being a terminal or not. */
export function hasColor({ isTTY, env }: Terminal, flag: false | null): boolean {
  if (flag === false) return false;
  if ((env.NO_COLOR ?? "") !== "") return false;
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== "0" && force !== "false";
  return isTTY && env.TERM !== "dumb";
}
