import type { HeaderPair, Observation, Scenario, StepResult, WireRequest } from "./verdict.ts";

/** What two observations of a scenario are compared on. */
export const aspects = [
  "outcome",
  "response",
  "requests",
  "origin",
  "cookie",
  "preflight",
  "fetch-metadata",
  "referer",
  "author",
  "body",
  "other",
  "jar",
  "console",
] as const;

/** One aspect; `author` are the headers that a script set, and `Content-Type`; `preflight` what preflights ask. */
export type Aspect = (typeof aspects)[number];

/** The aspects of the wire log; all of them together are one wire log. */
export const wireAspects: readonly Aspect[] = [
  "requests",
  "origin",
  "cookie",
  "preflight",
  "fetch-metadata",
  "referer",
  "author",
  "body",
  "other",
];

/** One aspect in which two observations differ. */
export interface Difference {
  readonly id: string;
  readonly aspect: Aspect;
  /** Where, what was recorded and what was seen, one line each. */
  readonly details: readonly DifferenceDetail[];
}

/** One place of a difference. */
export interface DifferenceDetail {
  readonly where: string;
  readonly expected: string;
  readonly actual: string;
}

/** What one observation says about one aspect: a list of places, each with a text. */
type View = readonly (readonly [where: string, text: string])[];

function outcomeText(result: StepResult | undefined): string {
  if (result === undefined) return "(no such step)";
  return [result.outcome, result.event, result.error].filter((part) => part !== undefined).join(" ");
}

function outcomes({ steps }: Observation): View {
  return steps.map((result, index) => [`step ${index}`, outcomeText(result)]);
}

function responses({ steps }: Observation): View {
  return steps.flatMap(({ response }, index) => {
    if (response === undefined) return [];
    const { headers, ...rest } = response;
    const members = Object.entries(rest).map(
      ([name, value]) => [`step ${index} ${name}`, JSON.stringify(value)] as const,
    );
    const texts = headers.map(([name, value]) => [`step ${index} header ${name}`, JSON.stringify(value)] as const);
    return [...members, ...texts];
  });
}

function requests({ wire }: Observation): View {
  return wire.map(({ step, kind, method, url }, index) => [`request ${index}`, `${step} ${kind} ${method} ${url}`]);
}

function headersWhere(wire: readonly WireRequest[], pick: (name: string, request: WireRequest) => boolean): View {
  return wire.flatMap((request, index) =>
    request.headers
      .filter(([name]) => pick(name, request))
      .map(([name, value]: HeaderPair) => [`request ${index} ${name}`, value] as const),
  );
}

function isFetchMetadata(name: string): boolean {
  return name.startsWith("sec-fetch-");
}

function isPreflightHeader(name: string): boolean {
  return name.startsWith("access-control-request-");
}

/** Whether a header is `Content-Type`, or one that the step's script set. What preflights carry is the browser's own. */
function isAuthorHeader(scenario: Scenario, name: string, { kind, step }: WireRequest): boolean {
  if (kind === "preflight" || /^(sec|proxy)-/.test(name)) return false;
  return (
    name === "content-type" || (scenario.steps[step]?.headers ?? []).some((pair) => pair[0].toLowerCase() === name)
  );
}

const singleHeaders: Partial<Record<Aspect, string>> = { origin: "origin", cookie: "cookie", referer: "referer" };

function headerAspect(aspect: Aspect, scenario: Scenario, { wire }: Observation): View {
  const single = singleHeaders[aspect];
  const isAuthor = (name: string, request: WireRequest) =>
    !isFetchMetadata(name) &&
    !isPreflightHeader(name) &&
    !Object.values(singleHeaders).includes(name) &&
    isAuthorHeader(scenario, name, request);
  if (single !== undefined) return headersWhere(wire, (name) => name === single);
  if (aspect === "fetch-metadata") return headersWhere(wire, isFetchMetadata);
  if (aspect === "preflight") return headersWhere(wire, isPreflightHeader);
  if (aspect === "author") return headersWhere(wire, isAuthor);
  return headersWhere(
    wire,
    (name, request) =>
      !isFetchMetadata(name) &&
      !isPreflightHeader(name) &&
      !Object.values(singleHeaders).includes(name) &&
      !isAuthor(name, request),
  );
}

function view(aspect: Aspect, scenario: Scenario, observation: Observation): View {
  switch (aspect) {
    case "outcome":
      return outcomes(observation);
    case "response":
      return responses(observation);
    case "requests":
      return requests(observation);
    case "body":
      return observation.wire.flatMap(({ body }, index) =>
        body === undefined ? [] : [[`request ${index} body`, body] as const],
      );
    case "jar":
      return Object.entries(observation.jar ?? {});
    case "console":
      // Two entries with equal text are one place each, so that a missing repetition is seen.
      return observation.console.map(({ text }, index) => [`entry ${index}`, text ?? ""]);
    default:
      return headerAspect(aspect, scenario, observation);
  }
}

function differingPlaces(expected: View, actual: View): DifferenceDetail[] {
  const left = new Map(expected);
  const right = new Map(actual);
  const places = new Set([...left.keys(), ...right.keys()]);
  return [...places]
    .filter((where) => left.get(where) !== right.get(where))
    .map((where) => ({
      where,
      expected: left.get(where) ?? "(none)",
      actual: right.get(where) ?? "(none)",
    }));
}

/**
 * Compares what was recorded with what was seen. Headers and bodies are compared only where the same requests were
 * sent, since otherwise there is nothing to lay side by side; readable responses only where the outcomes are the same.
 */
export function compare(
  scenario: Scenario,
  expected: Observation,
  actual: Observation,
  on: readonly Aspect[],
): Difference[] {
  const differences: Difference[] = [];
  const differs = (aspect: Aspect) => differences.some((difference) => difference.aspect === aspect);
  for (const aspect of aspects) {
    if (!on.includes(aspect)) continue;
    if (aspect === "response" && differs("outcome")) continue;
    if (wireAspects.includes(aspect) && differs("requests")) continue;
    const details = differingPlaces(view(aspect, scenario, expected), view(aspect, scenario, actual));
    if (details.length > 0) differences.push({ id: scenario.id, aspect, details });
  }
  return differences;
}
