/** The ports of the data: three for http, two for https. */
export const portNames = ["P1", "P2", "P3", "S1", "S2"] as const;

/** The name of a port in the data. */
export type PortName = (typeof portNames)[number];

/** Translates between the names of ports in the data and the numbers of one run. */
export class PortNames {
  readonly #numbers: Readonly<Record<PortName, number>>;
  readonly #names: RegExp = /\{(P1|P2|P3|S1|S2)\}/g;
  readonly #ports: RegExp;

  constructor(numbers: Readonly<Record<PortName, number>>) {
    this.#numbers = numbers;
    this.#ports = new RegExp(`(?<![0-9])(${Object.values(numbers).join("|")})(?![0-9])`, "g");
  }

  /** `text` with numbers instead of names. */
  fill(text: string): string {
    return text.replace(this.#names, (_, name: PortName) => String(this.#numbers[name]));
  }

  /** A copy of a JSON value with numbers instead of names. */
  fillValue<T>(value: T): T {
    return JSON.parse(this.fill(JSON.stringify(value))) as T;
  }

  /** `text` with names instead of numbers. */
  restore(text: string): string {
    return text.replace(this.#ports, (port) => {
      const name = portNames.find((candidate) => String(this.#numbers[candidate]) === port);
      return `{${name}}`;
    });
  }
}
