import type { ReadableResponse, StepResult } from "../verdicts/verdict.ts";
import type { Situation, Wanted } from "./situations.ts";

/** What a browser made of a situation: what the script got, step by step, and the requests that the server saw. */
export interface Observation {
  readonly steps: readonly StepResult[];
  readonly requests: readonly string[];
}

/** Without what is another one each time. */
function timeless({ headers, ...rest }: ReadableResponse): ReadableResponse {
  return { ...rest, headers: headers.filter(([name]) => name !== "date") };
}

/** Makes an observation of results: without dates, and without the words of a browser. */
export function observationOf(results: readonly StepResult[], requests: readonly string[]): Observation {
  const steps = results.map(({ message: _, response, ...rest }) => ({
    ...rest,
    ...(response === undefined ? {} : { response: timeless(response) }),
  }));
  return { steps, requests };
}

function resultOf({ outcome, event, response }: StepResult): number | string {
  if (response === undefined) return event ?? outcome;
  return response.type === "opaque" ? "opaque" : response.status;
}

function contradictions(want: Wanted, last: StepResult, requests: readonly string[]): string[] {
  const { response } = last;
  const lines: [what: string, expected: unknown, actual: unknown][] = [];
  if (want.result === "readable") lines.push(["outcome", "ok", last.outcome]);
  else if (want.result !== "by browser") lines.push(["result", want.result, resultOf(last)]);
  const patterns = want.requests.map((line, index) => (line.endsWith(" *") ? requests[index] : line));
  lines.push(["requests", patterns.join(", "), requests.join(", ")]);
  if (want.body !== undefined) lines.push(["body", want.body, response?.body]);
  const headers = new Map(response?.headers);
  for (const [name, value] of Object.entries(want.headers ?? {})) {
    lines.push([name, value, headers.get(name) ?? null]);
  }
  return lines
    .filter(([, expected, actual]) => expected !== actual)
    .map(([what, expected, actual]) => `${what} is ${actual}, wanted ${expected}`);
}

/** In what an observation is not what the situation wants; empty if in nothing. */
export function unwanted({ want, steps }: Situation, observation: Observation): string[] {
  const last = observation.steps[steps.length - 1];
  return last === undefined ? ["no step was done"] : contradictions(want, last, observation.requests);
}
