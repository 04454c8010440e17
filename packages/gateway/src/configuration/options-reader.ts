import { isHeaderName, isHeaderValue, nearestName } from "@corsac/protocol";
import type { GatewayIssue, GatewayIssueCode, IssuePath } from "./configuration-issue.ts";

/** The names of all members of `T`, or it does not compile. */
export type Names<T> = { readonly [Name in keyof T]-?: true };

/** What Node and undici write into a header field: no control characters, which the Fetch standard would allow. */
const writable = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Which numbers an option takes. */
export interface NumberRange {
  readonly least: number;
  readonly most: number;
  /** What it is, such as `a number of seconds`. */
  readonly noun: string;
  /** Whether fractions are no such numbers. */
  readonly whole: boolean;
}

/**
 * Reads the own members of one object of options. What is absent or wrong is `undefined`; what is wrong is among the
 * issues, too, which all readers of one configuration share.
 */
export class OptionsReader {
  readonly path: IssuePath;
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #issues: GatewayIssue[];

  /** Takes anything: what is no object of options is an issue, and so is a member that `names` lacks. */
  constructor(issues: GatewayIssue[], value: unknown, path: IssuePath, names: Readonly<Record<string, true>>) {
    this.path = path;
    this.#issues = issues;
    this.#options = isOptionsObject(value) ? value : {};
    if (!isOptionsObject(value)) {
      const code = path.length === 0 ? "options-not-an-object" : "option-wrong-type";
      this.report(code, [], value, `has to be an object of options, not ${describeValue(value)}`);
    }
    const known = Object.keys(names);
    for (const name of Object.keys(this.#options)) {
      if (Object.hasOwn(names, name)) continue;
      this.report("option-unknown", [name], this.#options[name], "is no option", nearestName(name, known));
    }
  }

  report(
    code: GatewayIssueCode,
    path: IssuePath,
    value: unknown,
    message: string,
    suggestion: GatewayIssue["suggestion"] = null,
  ): void {
    const advice = suggestion === null ? "" : `; write ${JSON.stringify(suggestion)}`;
    this.adopt([{ code, path, value, message: `${message}${advice}`, suggestion }], []);
  }

  /** Takes the issues of something that stands at `path` within these options. */
  adopt(issues: readonly GatewayIssue[], path: IssuePath): void {
    for (const issue of issues) this.#issues.push({ ...issue, path: [...this.path, ...path, ...issue.path] });
  }

  /** Whether there is a member; `undefined` and absent are the same. */
  has(name: string): boolean {
    return this.value(name) !== undefined;
  }

  /** A member as it is. Own members only: a name that somebody put on `Object.prototype` is no option. */
  value(name: string): unknown {
    return Object.hasOwn(this.#options, name) ? this.#options[name] : undefined;
  }

  /** A reader for a member that is an object of options; null when it is absent. */
  object(name: string, names: Readonly<Record<string, true>>): OptionsReader | null {
    const value = this.value(name);
    return value === undefined ? null : this.within([name], value, names);
  }

  /** A reader for something within these options. */
  within(path: IssuePath, value: unknown, names: Readonly<Record<string, true>>): OptionsReader {
    return new OptionsReader(this.#issues, value, [...this.path, ...path], names);
  }

  boolean(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === "boolean") return value;
    const meant = value === "true" ? true : value === "false" ? false : null;
    this.#wrongType(name, "true or false", value, meant);
    return undefined;
  }

  number(name: string, { least, most, noun, whole }: NumberRange): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const isRight = (number: number) => number >= least && number <= most && (!whole || Number.isInteger(number));
    if (typeof value === "number" && isRight(value)) return value;
    const range = `${noun} from ${least}${most === Number.MAX_SAFE_INTEGER ? " on" : ` to ${most}`}`;
    if (typeof value !== "number") {
      const meant = typeof value === "string" && value.trim() !== "" && isRight(Number(value)) ? Number(value) : null;
      this.#wrongType(name, range, value, meant);
      return undefined;
    }
    const nearest = Number.isFinite(value) ? Math.min(Math.max(whole ? Math.round(value) : value, least), most) : null;
    this.report("option-out-of-range", [name], value, `has to be ${range}, not ${value}`, nearest);
    return undefined;
  }

  /** A text that is not empty. */
  text(name: string, noun = "a text"): string | undefined {
    const value = this.value(name);
    if (value === undefined || (typeof value === "string" && value !== "")) return value;
    this.#wrongType(name, noun, value);
    return undefined;
  }

  /** A list of at least one text, its items with their places; what is no text is left out. */
  texts(name: string, noun: string): readonly (readonly [text: string, index: number])[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length === 0) {
      this.#wrongType(name, `a list of ${noun}`, value, typeof value === "string" ? [value] : null);
      return undefined;
    }
    return (value as readonly unknown[]).flatMap((item, i): [string, number][] => {
      if (typeof item === "string") return [[item, i]];
      this.report("option-wrong-type", [name, i], item, `has to be a text, not ${describeValue(item)}`);
      return [];
    });
  }

  /**
   * Header fields as an object, their names in lower case.
   *
   * @param forbidden names that the gateway decides about itself
   * @param resolve makes a value of what is written; null if it has said why it cannot
   */
  headers(
    name: string,
    forbidden: ReadonlySet<string>,
    resolve: (value: string, path: IssuePath) => string | null = (value) => value,
  ): Record<string, string> | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!isOptionsObject(value)) {
      this.#wrongType(name, "an object of header names and values", value);
      return undefined;
    }
    const fields: Record<string, string> = {};
    for (const [field, written] of Object.entries(value)) {
      const path = [name, field];
      const lowerField = field.toLowerCase();
      if (!isHeaderName(field)) this.report("header-name-invalid", path, undefined, "is no name of a header field");
      else if (forbidden.has(lowerField))
        this.report("header-forbidden", path, undefined, "is set by the gateway itself");
      else if (typeof written !== "string") {
        this.report("option-wrong-type", path, undefined, `has to be a text, not a ${typeof written}`);
      } else {
        const resolved = resolve(written, path);
        if (resolved === null) continue;
        if (isHeaderValue(resolved) && writable.test(resolved)) fields[lowerField] = resolved;
        else this.report("header-value-invalid", path, undefined, "has characters that no header field may have");
      }
    }
    return fields;
  }

  #wrongType(name: string, noun: string, value: unknown, meant: GatewayIssue["suggestion"] = null): void {
    this.report("option-wrong-type", [name], value, `has to be ${noun}, not ${describeValue(value)}`, meant);
  }
}

/** Reports whether `value` is an object made of options, and not a list, a map or the like. */
export function isOptionsObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === "[object Object]" && !(Symbol.iterator in (value as object));
}

/** A value in a few words, for a message. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (value === null || typeof value !== "object") return typeof value === "function" ? "a function" : String(value);
  return Array.isArray(value) ? `a list of ${value.length}` : "an object";
}
