import { isMethod, methodSemantics, nearestName } from "@corsac/protocol";
import type { MethodHandlers, ResourceOptions } from "./resource-options.ts";

/** Handlers and options of a resource, checked. */
export interface Resource<Handler, Arguments extends readonly unknown[] = readonly never[]> {
  readonly handlers: ReadonlyMap<string, Handler>;
  /** The value of `Allow`. */
  readonly allow: string;
  /** What the answer to OPTIONS says, in lower case. */
  readonly optionsHeaders: readonly (readonly [name: string, value: string])[];
  readonly validators: ResourceOptions<Arguments>["validators"];
  readonly conditionalMethods: ReadonlySet<string>;
  readonly reportOnly: boolean | undefined;
}

const optionNames: Readonly<Record<keyof ResourceOptions, true>> = {
  validators: true,
  requireConditional: true,
  acceptPatch: true,
  acceptQuery: true,
  reportOnly: true,
};

/** Methods that no handler can answer as HTTP wants it, or that would hand out what is none of the client's business. */
const impossibleMethods = new Set(["*", "CONNECT", "PRI", "TRACE"]);
const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+*-]+(?:;.+)?$/;

/**
 * Checks the handlers and options of a resource, once, when the application starts.
 *
 * @throws {TypeError} with everything that is wrong
 */
export function defineResource<Handler, Arguments extends readonly unknown[]>(
  handlers: MethodHandlers<Handler>,
  options: ResourceOptions<Arguments> = {},
): Resource<Handler, Arguments> {
  const methods = Object.keys(handlers);
  const issues = [
    ...(methods.length === 0 ? ["It has no handler: write resource({ GET: read })."] : []),
    ...methods.flatMap((method) => methodIssues(method, (handlers as Record<string, unknown>)[method])),
    ...optionIssues(options, methods),
  ];
  if (issues.length > 0)
    throw new TypeError(`The resource has ${countOf(issues)}:\n${issues.map((issue) => `- ${issue}`).join("\n")}`);
  const allow = allowOf(methods);
  const { requireConditional = false } = options;
  return {
    handlers: new Map(Object.entries(handlers) as [string, Handler][]),
    allow,
    optionsHeaders: [
      ["allow", allow],
      ...(options.acceptPatch === undefined ? [] : [["accept-patch", options.acceptPatch.join(", ")] as const]),
      ...(options.acceptQuery === undefined
        ? []
        : [["accept-query", options.acceptQuery.map(asItem).join(", ")] as const]),
    ],
    validators: options.validators,
    conditionalMethods: new Set(
      typeof requireConditional === "boolean"
        ? requireConditional
          ? ["PUT", "PATCH", "DELETE"]
          : []
        : requireConditional,
    ),
    reportOnly: options.reportOnly,
  };
}

function allowOf(methods: readonly string[]): string {
  const allowed = new Set(methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])));
  allowed.delete("OPTIONS");
  return [...allowed, "OPTIONS"].join(", ");
}

/** `Accept-Query` is a structured field, in which a media type is a string, and a token where it can be one. */
function asItem(type: string): string {
  return /^[a-z*][\w!#$%&'*+.^`|~:/-]*$/i.test(type) ? type : JSON.stringify(type);
}

function methodIssues(method: string, handler: unknown): string[] {
  if (typeof handler !== "function")
    return [`The handler of ${method} is ${handler === null ? "null" : typeof handler}, not a function.`];
  if (!isMethod(method)) return [`${JSON.stringify(method)} cannot be a method.`];
  if (impossibleMethods.has(method)) return [`${method} is no method that a resource can answer.`];
  const upperCase = method.toUpperCase();
  return method === upperCase ? [] : [`Methods are case-sensitive: write ${upperCase} for ${method}.`];
}

function optionIssues(options: ResourceOptions<never>, methods: readonly string[]): string[] {
  const names = Object.keys(optionNames);
  const unknown = Object.keys(options).filter((name) => !names.includes(name));
  const { validators, requireConditional, acceptPatch, acceptQuery } = options;
  const conditional = Array.isArray(requireConditional) ? (requireConditional as string[]) : [];
  return [
    ...unknown.map((name) => {
      const nearest = nearestName(name, names);
      return `${name} is no option${nearest === null ? "." : `: write ${nearest}.`}`;
    }),
    ...(requireConditional !== undefined && requireConditional !== false && validators === undefined
      ? ["requireConditional needs validators: nothing else can tell whether a condition is met."]
      : []),
    ...conditional
      .filter((method) => !methods.includes(method) || methodSemantics(method)?.safe === true)
      .map((method) => `requireConditional has ${method}, which is no unsafe method of the resource.`),
    ...(acceptPatch !== undefined && !methods.includes("PATCH")
      ? ["acceptPatch is given, but no handler for PATCH."]
      : []),
    ...(acceptQuery !== undefined && !methods.includes("QUERY")
      ? ["acceptQuery is given, but no handler for QUERY."]
      : []),
    ...[...(acceptPatch ?? []), ...(acceptQuery ?? [])]
      .filter((type) => !mediaType.test(type))
      .map((type) => `${JSON.stringify(type)} is no media type.`),
  ];
}

function countOf(issues: readonly string[]): string {
  return issues.length === 1 ? "an issue" : `${issues.length} issues`;
}
