import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";
import type { Observation, Scenario } from "../verdicts/verdict.ts";
import type { Product } from "./live-browser.ts";

/** A scenario that is not in the recording, and what browsers were seen to do. */
export interface Found {
  readonly scenario: Scenario;
  readonly observations: Readonly<Partial<Record<Product, Observation>>>;
}

/** What live runs have found. */
export function loadFound(): Found[] {
  return brotliDecompressSync(readFileSync(new URL("./found.jsonl.br", import.meta.url)))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Found);
}
