import { getHeader, type Header, type HeaderList, isSafeMethod } from "@corsac/protocol";
import type { ReportedHeader } from "../check/check-report.ts";
import { maskHeader, maskHeaders, maskUrl } from "../check/mask.ts";
import type { ApiOperation, ApiParameter, ApiResource } from "./api-description.ts";
import type { Difference } from "./differences.ts";
import { type MethodsFindingCode, type MethodsSeverity, methodsFindingInfo } from "./methods-finding-code.ts";
import type { MethodsExchange, MethodsFinding, Unverified, VerifiedResource } from "./methods-report.ts";
import type { Answer, Call, Wire } from "./wire.ts";

/** What a check found, before it is put into the report. */
export interface Draft {
  readonly code: MethodsFindingCode;
  readonly resource: ApiResource;
  readonly method: string;
  readonly cause: string;
  readonly observed?: readonly string[];
  readonly exchanges: readonly Answer[];
  readonly severity?: MethodsSeverity;
}

const mostExchanges = 4;
const mostObserved = 4;

/** What the checks of one run share: the wire, what was found, what was created. */
export class Session {
  readonly wire: Wire;
  readonly server: string;
  readonly resources: readonly ApiResource[];
  /** URLs that this run created and has not removed, with what they are instances of, if the document says. */
  readonly created: Map<string, ApiResource | null> = new Map();
  /** URLs that were there before this run created anything at them: it removes none of them. */
  readonly existing: Set<string> = new Set();
  readonly findings: MethodsFinding[] = [];
  readonly unverified: Unverified[] = [];
  readonly #sent = new Map<string, Set<string>>();
  readonly #writes = new Map<string, Answer[]>();
  #current: ApiResource | null = null;

  constructor(wire: Wire, server: string, resources: readonly ApiResource[]) {
    this.wire = wire;
    this.server = server;
    this.resources = resources;
    wire.observe = (answer) => this.#observe(answer);
  }

  /** Says which resource is looked at from now on. */
  lookAt(resource: ApiResource): void {
    this.#current = resource;
  }

  /** Sends a request. @throws {Stopped} at the limits of the plan */
  send(call: Call): Promise<Answer> {
    return this.wire.send(call);
  }

  get(url: string, headers: HeaderList = []): Promise<Answer> {
    return this.send({ method: "GET", url, headers });
  }

  /** Adds a finding, unless the same was found for this method of the resource. */
  report({ code, resource, method, cause, observed = [], exchanges, severity }: Draft): void {
    if (this.has(code, resource, method)) return;
    const { title, spec, docs, change, severity: usual } = methodsFindingInfo[code];
    this.findings.push({
      ...{ code, severity: severity ?? usual, resource: resource.path, method, title, cause },
      observed: observed.slice(0, mostObserved),
      exchanges: exchanges.slice(0, mostExchanges).map(reportExchange),
      ...{ change, spec, docs },
    });
  }

  has(code: MethodsFindingCode, resource: ApiResource, method?: string): boolean {
    return this.findings.some(
      (each) =>
        each.code === code && each.resource === resource.path && (method === undefined || each.method === method),
    );
  }

  /** Takes back what was reported before it was known for certain. */
  withdraw(code: MethodsFindingCode, resource: ApiResource): void {
    const at = this.findings.findIndex((each) => each.code === code && each.resource === resource.path);
    if (at >= 0) this.findings.splice(at, 1);
  }

  /** Notes that methods of a resource could not be verified. */
  leaveOut(resource: ApiResource, methods: readonly string[], why: string): void {
    if (methods.length > 0) this.unverified.push({ resource: resource.path, methods, why });
  }

  /** Whether nothing was sent to a resource yet. */
  isUntouched({ path }: ApiResource): boolean {
    return !this.#sent.has(path);
  }

  /** Takes back that methods of a resource could not be verified. */
  takeUp({ path }: ApiResource): void {
    const at = this.unverified.findIndex(({ resource }) => resource === path);
    if (at >= 0) this.unverified.splice(at, 1);
  }

  /** The answers to unsafe methods that were sent to a resource. */
  writesTo({ path }: ApiResource): readonly Answer[] {
    return this.#writes.get(path) ?? [];
  }

  /** What was sent where. */
  verified(): VerifiedResource[] {
    return [...this.#sent].map(([resource, methods]) => ({ resource, methods: [...methods].sort() }));
  }

  // A rule that holds for every answer is checked at every answer.
  #observe(answer: Answer): void {
    const resource = this.#current;
    if (resource === null) return;
    const sent = this.#sent.get(resource.path) ?? new Set();
    this.#sent.set(resource.path, sent.add(answer.method));
    if (!isSafeMethod(answer.method)) this.#writes.set(resource.path, [...this.writesTo(resource), answer]);
    if (answer.method === "GET" && isSuccess(answer) && !this.created.has(answer.url)) this.existing.add(answer.url);
    if (answer.status !== 405 || getHeader(answer.headers, "Allow") !== null) return;
    if (this.has("allow-missing-in-405", resource)) return;
    this.report({
      code: "allow-missing-in-405",
      resource,
      method: answer.method,
      cause: `${answer.method} is answered with 405 and without Allow, so a client learns that the method is wrong and not which one would be right.`,
      exchanges: [answer],
    });
  }
}

/** An exchange as it goes into a report. */
function reportExchange({ method, url, sentHeaders, status, headers }: Answer): MethodsExchange {
  const telling = sentHeaders.filter(([name]) => !/^(?:accept|accept-encoding|user-agent)$/i.test(name));
  return {
    request: { method, url: maskUrl(url), headers: telling.flatMap(reportHeader) },
    response: status === 0 ? null : { status, headers: maskHeaders(headers) },
  };
}

// The key is this run's own, and that two requests have the same one is the point.
function reportHeader([name, value]: Header): ReportedHeader[] {
  return /^idempotency-key$/i.test(name) ? [{ name, value }] : maskHeaders([[name, value]]);
}

/** Differences in words, secrets masked: `/stats reads: 3, then 4`. */
export function inWords(url: string, found: readonly Difference[]): string[] {
  const path = maskUrl(pathOf(url));
  return found.slice(0, 3).map(({ at, before, after }) => {
    const name = at === "" ? "content" : at;
    return `${path} ${name}: ${shown(name, before)}, then ${shown(name, after)}`;
  });
}

/** Path and query of a URL. */
export function pathOf(url: string): string {
  return url.slice(new URL(url).origin.length) || "/";
}

function shown(name: string, value: unknown): string {
  if (value === undefined || value === null) return "none";
  const text = maskHeader(name.replace(/^.*[.\]]/, ""), typeof value === "string" ? value : JSON.stringify(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The status and what it stands for in a sentence. */
export function statusOf({ status, failure }: Answer): string {
  return status === 0 ? `no answer (${failure?.message ?? ""})` : String(status);
}

/** Whether the method was carried out. */
export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** Whether a method is refused as one that the resource or the server does not have. */
export function isRefusal({ status }: Answer): boolean {
  return status === 405 || status === 501;
}

/** The methods that an Allow header lists; `null` when there is none. */
export function allowedMethods({ headers }: Answer): string[] | null {
  const allow = getHeader(headers, "Allow");
  return allow === null
    ? null
    : allow
        .split(",")
        .map((method) => method.trim())
        .filter((method) => method !== "");
}

/** The parameters in a path, in order. */
export function parametersIn(path: string): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]) => name);
}

/** A parameter of any operation of a resource. */
export function parameterOf({ operations }: ApiResource, name: string): ApiParameter | undefined {
  return [...operations.values()].flatMap(({ parameters }) => parameters).find((each) => each.name === name);
}

/** Required headers and query of an operation, filled in. */
export function requiredOf(
  operation: ApiOperation | undefined,
  sample: (schema: unknown) => unknown,
): {
  readonly headers: HeaderList;
  readonly query: string;
} {
  const required = (operation?.parameters ?? []).filter((each) => each.required && each.in !== "path");
  const filled = ({ example, schema }: ApiParameter) => String(example ?? sample(schema));
  const query = required
    .filter((each) => each.in === "query")
    .map((each): [string, string] => [each.name, filled(each)]);
  const headers = required.filter((each) => each.in === "header" && !isConditional(each.name));
  return {
    headers: headers.map((each) => [each.name, filled(each)] as const),
    query: query.length === 0 ? "" : `?${new URLSearchParams(query)}`,
  };
}

function isConditional(name: string): boolean {
  return /^(?:if-|idempotency-key$|accept$|content-type$|authorization$)/i.test(name);
}
