import type { HeaderPair, ProgrammedResponse, ProgrammedUrl, Scenario, Step } from "../verdicts/verdict.ts";
import {
  bodies,
  cookies,
  corsHeaders,
  crossOrigins,
  edits,
  elementApis,
  methods,
  origins,
  otherHeaders,
  redirectStatuses,
  requestHeaders,
  responseValues,
  statuses,
  stepMembers,
} from "./pools.ts";
import { Random } from "./random.ts";

type Draft = { -readonly [Key in keyof Scenario]: Scenario[Key] };

type Values = ReadonlyMap<string, readonly string[]>;

/** Changes a draft in place; tells what it did, or nothing when it does not apply. */
type Mutation = (draft: Draft, random: Random, values: Values) => string | undefined;

function changeStep(draft: Draft, index: number, change: Partial<Record<keyof Step, unknown>>): void {
  draft.steps = draft.steps.map((step, at) => (at === index ? ({ ...step, ...change } as Step) : step));
}

/** Replaces one answer of the server, where `change` has something to replace. */
function changeAnswer(
  draft: Draft,
  random: Random,
  kinds: readonly (keyof ProgrammedUrl)[],
  change: (response: ProgrammedResponse) => ProgrammedResponse | undefined,
): string | undefined {
  const places = Object.entries(draft.server).flatMap(([url, answers]) =>
    kinds.flatMap((kind) => (answers[kind] ?? []).map((response, index) => ({ url, kind, response, index }))),
  );
  if (places.length === 0) return undefined;
  const { url, kind, response, index } = random.pick(places);
  const changed = change(response);
  if (changed === undefined) return undefined;
  const list = (draft.server[url]?.[kind] ?? []).map((old, at) => (at === index ? changed : old));
  draft.server = { ...draft.server, [url]: { ...draft.server[url], [kind]: list } };
  return `${url.split("/").at(-1)}.${kind}[${index}]`;
}

function without(headers: readonly HeaderPair[], name: string): HeaderPair[] {
  return headers.filter((pair) => pair[0].toLowerCase() !== name.toLowerCase());
}

const both: readonly (keyof ProgrammedUrl)[] = ["preflight", "actual"];

const moveOrigin: Mutation = (draft, random) => {
  const text = JSON.stringify(draft);
  const used = origins.filter((origin) => text.includes(origin));
  if (used.length === 0) return undefined;
  const [from, to] = [random.pick(used), random.pick(origins)];
  if (from === to) return undefined;
  Object.assign(draft, JSON.parse(text.replaceAll(from, to)));
  return `${from} becomes ${to}`;
};

const sandbox: Mutation = (draft, random) => {
  const { origin } = draft.page;
  if (origin === "null") return undefined;
  if (random.chance(0.6)) {
    const text = JSON.stringify(draft.server);
    draft.server = JSON.parse(text.replaceAll(`"${origin}"`, '"null"')) as Draft["server"];
  }
  draft.page = { origin: "null", how: "sandboxed iframe (allow-scripts)", embedder: origin };
  return "sandboxed";
};

const changeMethod: Mutation = (draft, random) => {
  const method = random.pick(methods);
  changeStep(draft, random.below(draft.steps.length), { method });
  return `method ${method}`;
};

const changeMember: Mutation = (draft, random) => {
  if (draft.steps.some(({ api = "fetch" }) => api !== "fetch")) return undefined;
  const name = random.pick(Object.keys(stepMembers)) as keyof Step;
  const value = random.pick(stepMembers[name] ?? [undefined]);
  changeStep(draft, random.below(draft.steps.length), { [name]: value });
  return `${name} ${value}`;
};

const changeBody: Mutation = (draft, random) => {
  const index = random.below(draft.steps.length);
  const body = random.pick(bodies);
  const { method = "GET" } = draft.steps[index] ?? {};
  changeStep(draft, index, { body, method: /^(get|head)$/i.test(method) && random.chance(0.9) ? "POST" : method });
  return `body ${body.type} ${body.contentType ?? ""}`;
};

/** Adds a request header, or puts another byte into one; sometimes makes it the only one. */
const addRequestHeader: Mutation = (draft, random) => {
  const index = random.below(draft.steps.length);
  const name = random.pick(random.chance(0.5) ? Object.keys(requestHeaders).slice(0, 5) : Object.keys(requestHeaders));
  let value = random.pick(requestHeaders[name] ?? [""]);
  if (random.chance(0.3)) {
    const at = random.below(value.length + 1);
    value = value.slice(0, at) + String.fromCharCode(1 + random.below(255)) + value.slice(at);
  }
  const before = random.chance(0.3) ? [] : (draft.steps[index]?.headers ?? []);
  const pair: HeaderPair = [random.chance(0.1) ? name.toUpperCase() : name, value];
  changeStep(draft, index, { headers: random.chance(0.8) ? [...without(before, name), pair] : [...before, pair] });
  return `header ${name}: ${value.slice(0, 60)}`;
};

const changeCorsHeader: Mutation = (draft, random, values) => {
  const name = random.pick(corsHeaders);
  let told = "";
  const place = changeAnswer(draft, random, both, (response) => {
    const old = response.headers.find((pair) => pair[0].toLowerCase() === name.toLowerCase());
    const choice = random.next();
    const pool = values.get(name.toLowerCase()) ?? [""];
    if (choice < 0.15 && old !== undefined) {
      told = `without ${name}`;
      return { ...response, headers: without(response.headers, name) };
    }
    if (choice < 0.3) {
      told = `one more ${name}`;
      return { ...response, headers: [...response.headers, [name, random.pick(pool)]] };
    }
    const value = choice < 0.65 && old !== undefined ? random.pick(edits)(old[1]) : random.pick(pool);
    told = `${name}: ${value}`;
    return { ...response, headers: [...without(response.headers, name), [name, value]] };
  });
  return place === undefined ? undefined : `${place} ${told}`;
};

const changeStatus: Mutation = (draft, random) => {
  const status = random.pick(statuses);
  const place = changeAnswer(draft, random, both, (response) => ({ ...response, status }));
  return place === undefined ? undefined : `${place} status ${status}`;
};

const addResponseHeader: Mutation = (draft, random) => {
  const pair = random.pick(otherHeaders);
  const place = changeAnswer(draft, random, ["actual"], (response) => ({
    ...response,
    headers: random.chance(0.7) ? [...without(response.headers, pair[0]), pair] : [...response.headers, pair],
  }));
  return place === undefined ? undefined : `${place} ${pair.join(": ")}`;
};

const changeLocation: Mutation = (draft, random, values) => {
  const value = random.pick(values.get("location") ?? [""]).replace(/\/s\/[^/]+\//, `/s/${draft.id}/`);
  const place = changeAnswer(draft, random, ["actual"], (response) =>
    response.headers.some(([name]) => name.toLowerCase() === "location")
      ? { ...response, headers: [...without(response.headers, "location"), ["Location", value]] }
      : undefined,
  );
  return place === undefined ? undefined : `${place} Location: ${value}`;
};

/** Puts a redirect before or after a URL: what it answered, another URL now answers. */
const addHop: Mutation = (draft, random) => {
  const urls = Object.keys(draft.server).filter((url) => draft.server[url]?.actual !== undefined);
  if (urls.length === 0 || urls.length > 4) return undefined;
  const url = random.pick(urls);
  const moved = `${random.pick(origins)}/s/${draft.id}/h${urls.length}`;
  const answers = draft.server[url] ?? {};
  const status = random.pick(redirectStatuses);
  const headers: readonly HeaderPair[] = without(answers.actual?.[0]?.headers ?? [], "location");
  const hop = { status, headers: [...headers, ["Location", moved] as const], body: "" };
  draft.server = { ...draft.server, [url]: { ...answers, actual: [hop] }, [moved]: answers };
  return `${status} to ${moved}`;
};

/** Does a step again, with one thing changed or none: the preflight cache, the HTTP cache, cookies. */
const repeat: Mutation = (draft, random, values) => {
  const step = draft.steps.at(-1);
  if (step === undefined || draft.steps.length > 2) return undefined;
  const last: Draft = { ...draft, steps: [{ ...step, waitBeforeMs: 0 }] };
  const told = random.chance(0.7)
    ? random.pick([changeMethod, changeMember, addRequestHeader])(last, random, values)
    : "same";
  draft.steps = [...draft.steps, ...last.steps];
  return `again: ${told}`;
};

const addCookies: Mutation = (draft, random) => {
  const urls = Object.keys(draft.server).filter((url) => /^https?:\/\/[^/]+\/s\//.test(url));
  if (urls.length === 0) return undefined;
  const setOn = new URL(
    random.pick(urls).replace(/\{(.)(\d)\}/, (_, kind, digit) => `1${kind === "P" ? 0 : 1}${digit}`),
  ).origin.replace(/:1(\d)(\d)$/, (_, kind, digit) => `:{${kind === "0" ? "P" : "S"}${digit}}`);
  const chosen = cookies.filter(() => random.chance(0.4));
  const added = chosen.map((cookie) => ({ setOn, setCookie: `${cookie}; Path=/s/${draft.id}` }));
  draft.cookies = [...(draft.cookies ?? []), ...added];
  changeStep(draft, 0, { credentials: "include" });
  return `cookies of ${setOn}`;
};

const changeApi: Mutation = (draft, random) => {
  const index = random.below(draft.steps.length);
  const api = random.pick(elementApis);
  const { url, method, headers, body } = draft.steps[index] ?? { url: "" };
  const policy = random.chance(0.3) ? { referrerPolicy: random.pick(stepMembers.referrerPolicy ?? []) as string } : {};
  const attribute = random.chance(0.6) ? { crossOrigin: random.pick(crossOrigins) } : {};
  const credentials = random.chance(0.5) ? { credentials: "include" } : {};
  const step: Step =
    api === "xhr"
      ? { url, api, ...credentials, ...(method && { method }), ...(headers && { headers }), ...(body && { body }) }
      : api === "eventsource"
        ? { url, api, ...credentials }
        : api === "beacon"
          ? { url, api, body: random.pick(bodies) }
          : { url, api, ...attribute, ...policy };
  draft.steps = draft.steps.map((old, at) => (at === index ? step : old));
  const type = {
    img: "image/svg+xml",
    script: "text/javascript",
    module: "text/javascript",
    stylesheet: "text/css",
    eventsource: "text/event-stream",
  }[api as string];
  if (type === undefined) return api;
  const text =
    { img: '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>', eventsource: "data: x\n\n" }[
      api as string
    ] ?? "";
  draft.server = Object.fromEntries(
    Object.entries(draft.server).map(([address, answers]) => [
      address,
      {
        ...answers,
        actual: (answers.actual ?? []).map((response) => ({
          ...response,
          body: text,
          headers: [...without(response.headers, "content-type"), ["Content-Type", type] as const],
        })),
      },
    ]),
  );
  return `${api} ${JSON.stringify({ ...attribute, ...policy, ...credentials })}`;
};

/** Each mutation as often as it should come. */
const mutations: readonly Mutation[] = [
  ...Array<Mutation>(3).fill(moveOrigin),
  sandbox,
  ...Array<Mutation>(2).fill(changeMethod),
  ...Array<Mutation>(4).fill(changeMember),
  changeBody,
  ...Array<Mutation>(4).fill(addRequestHeader),
  ...Array<Mutation>(5).fill(changeCorsHeader),
  ...Array<Mutation>(2).fill(changeStatus),
  addResponseHeader,
  changeLocation,
  ...Array<Mutation>(2).fill(addHop),
  ...Array<Mutation>(2).fill(repeat),
  addCookies,
  changeApi,
];

/** Makes scenarios out of published ones: one of them, with one to four things changed. */
export class ScenarioGenerator {
  readonly #groups: readonly (readonly Scenario[])[];
  readonly #values: Values;

  constructor(published: readonly Scenario[]) {
    const groups = new Map<string, Scenario[]>();
    // Whoever waits for a cache to expire takes too long.
    for (const scenario of published)
      if (!scenario.steps.some(({ waitBeforeMs = 0 }) => waitBeforeMs > 2000))
        groups.set(scenario.group, [...(groups.get(scenario.group) ?? []), scenario]);
    this.#groups = [...groups.values()];
    this.#values = responseValues(published);
  }

  /** The scenario of a seed; its id is `live-<seed>`. */
  generate(seed: number): Scenario {
    const random = new Random(seed);
    const base = random.pick(random.pick(this.#groups));
    const id = `live-${seed}`;
    const draft = JSON.parse(JSON.stringify(base).replaceAll(base.id, id).replaceAll("{{id}}", id)) as Draft;
    const told: string[] = [];
    const wanted = random.pick([1, 1, 2, 2, 3, 4]);
    for (let tries = 0; told.length < wanted && tries < 20; tries += 1) {
      const said = random.pick(mutations)(draft, random, this.#values);
      if (said !== undefined) told.push(said);
    }
    return { ...draft, id, kind: "random", note: `${base.id}; ${told.join("; ")}` };
  }
}
