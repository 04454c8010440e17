import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import type { Deviation, Observation, Recording, Scenario } from "./verdict.ts";

function dataFile(name: string): Buffer {
  return readFileSync(new URL(`./data/${name}`, import.meta.url));
}

function readLines<T>(name: string): T[] {
  return brotliDecompressSync(dataFile(`${name}.jsonl.br`))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}

/** Every scenario, in the order of the file. */
export function loadScenarios(): Scenario[] {
  return readLines<Scenario>("scenarios");
}

/** What one browser did, by scenario. */
export function loadObservations(recording: Recording): Map<string, Observation> {
  return new Map(readLines<Observation>(`observations-${recording}`).map((line) => [line.id, line]));
}

/** The known deviations of the browsers from the Fetch standard. */
export function loadDeviations(): Deviation[] {
  return JSON.parse(dataFile("deviations.json").toString("utf8")) as Deviation[];
}

/** What `browsers.json` says of a recording. */
export interface RecordedBrowser {
  readonly product: string;
  readonly recorded: string;
  /** Header values that the wire logs leave out. */
  readonly defaultHeaders: { readonly accept: string; readonly "accept-language": string };
}

/** The recorded products, by recording. */
export function loadBrowsers(): Record<Recording, RecordedBrowser> {
  return JSON.parse(dataFile("browsers.json").toString("utf8")) as Record<Recording, RecordedBrowser>;
}
