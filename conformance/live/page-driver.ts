/**
 * A real browser with one tab, used as a person uses it, who prefers reduced motion: for pages whose own scripts do the
 * work.
 */
export interface PageDriver {
  readonly version: string;
  /** Opens a document afresh, even where only the fragment differs; resolves when it has loaded. */
  visit(url: string): Promise<void>;
  /**
   * Runs the body of an async function of `input` in the document.
   *
   * @returns what it returns, by way of JSON
   * @throws Error with the message of what it throws
   */
  run<T>(body: string, input?: unknown): Promise<T>;
  /** Presses one key after the other, as a keyboard does: `Tab`, `Enter`, `Control+Enter`. */
  press(...keys: readonly string[]): Promise<void>;
  /** Gives the document this many CSS pixels to be laid out in. */
  resize(width: number, height: number): Promise<void>;
  close(): Promise<void>;
}

/** What a page's script came to. */
export interface Outcome {
  readonly value?: unknown;
  readonly error?: string;
}

/** The body of an async function of `input` which runs `body` and returns an {@link Outcome} as JSON. */
export function outcomeScript(body: string): string {
  return `try {
    const value = await (async () => {${body}\n})();
    return JSON.stringify({ value: value ?? null });
  } catch (error) {
    return JSON.stringify({ error: String(error?.message ?? error) });
  }`;
}

/**
 * Reads what {@link outcomeScript} returned.
 *
 * @throws Error when the script threw one
 */
export function readOutcome<T>(json: string): T {
  const { value, error } = JSON.parse(json) as Outcome;
  if (error !== undefined) throw new Error(error);
  return value as T;
}

/** Modifiers and key of `Control+Enter`. */
export function readKeys(text: string): { readonly modifiers: readonly string[]; readonly key: string } {
  const parts = text.split("+");
  return { modifiers: parts.slice(0, -1), key: parts.at(-1) ?? "" };
}

/** Keys as WebDriver writes them. */
const webDriverKeys: ReadonlyMap<string, string> = new Map([
  ["Tab", "\uE004"],
  ["Enter", "\uE007"],
  ["Shift", "\uE008"],
  ["Control", "\uE009"],
  ["ArrowDown", "\uE015"],
  ["ArrowRight", "\uE014"],
]);

/** WebDriver's actions for keys that are pressed one after the other. */
export function webDriverActions(keys: readonly string[]): object[] {
  const named = (key: string) => webDriverKeys.get(key) ?? key;
  const actions = keys.flatMap((text) => {
    const { modifiers, key } = readKeys(text);
    return [
      ...modifiers.map((name) => ({ type: "keyDown", value: named(name) })),
      { type: "keyDown", value: named(key) },
      { type: "keyUp", value: named(key) },
      ...modifiers.map((name) => ({ type: "keyUp", value: named(name) })),
    ];
  });
  return [{ type: "key", id: "keyboard", actions }];
}
