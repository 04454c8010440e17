import { isObject, type JsonObject, resolveReference } from "./resolve-reference.ts";
import { type SampleOptions, sampleSchema } from "./sample-schema.ts";

/** A parameter of a path, or one that a request has to have. */
export interface ApiParameter {
  readonly name: string;
  readonly in: "header" | "path" | "query";
  readonly required: boolean;
  readonly schema: JsonObject;
  /** What the document gives as an example; `undefined` when it gives none. */
  readonly example: unknown;
}

/** A method of a resource, as it is described. */
export interface ApiOperation {
  readonly method: string;
  readonly parameters: readonly ApiParameter[];
  /** `null` for an operation without content. */
  readonly content: { readonly type: string; readonly sample: (options?: SampleOptions) => unknown } | null;
  /** Whether an answer 201 is described. */
  readonly creates: boolean;
}

/** A path of the document. */
export interface ApiResource {
  /** With its parameters in braces. */
  readonly path: string;
  readonly operations: ReadonlyMap<string, ApiOperation>;
}

/** What the document says, as far as methods are concerned. */
export interface ApiDescription {
  readonly resources: readonly ApiResource[];
  /** Addresses as written: they may be relative, and have variables filled in with their defaults. */
  readonly servers: readonly string[];
}

const methods = ["get", "head", "options", "put", "post", "patch", "delete", "query", "x-query"] as const;

/** Reads an OpenAPI document of version 3. Returns `null` for what is none. */
export function readDescription(document: unknown): ApiDescription | null {
  if (!isObject(document) || typeof document.openapi !== "string" || !document.openapi.startsWith("3.")) return null;
  const paths = isObject(document.paths) ? document.paths : {};
  return {
    servers: (Array.isArray(document.servers) ? document.servers : []).flatMap(serverUrl),
    resources: Object.entries(paths).flatMap(([path, item]) => {
      const resolved = resolveReference(item, document);
      return resolved === null || !path.startsWith("/") ? [] : [readResource(path, resolved, document)];
    }),
  };
}

function serverUrl(server: unknown): string[] {
  if (!isObject(server) || typeof server.url !== "string") return [];
  const variables = isObject(server.variables) ? server.variables : {};
  return [
    server.url.replace(/\{([^}]+)\}/g, (whole, name: string) => {
      const variable = variables[name];
      return isObject(variable) ? String(variable.default ?? whole) : whole;
    }),
  ];
}

function readResource(path: string, item: JsonObject, document: JsonObject): ApiResource {
  const operations = methods.flatMap((key): [string, ApiOperation][] => {
    const operation = resolveReference(item[key], document);
    if (operation === null) return [];
    const method = key.replace("x-", "").toUpperCase();
    return [[method, readOperation(method, item, operation, document)]];
  });
  return { path, operations: new Map(operations) };
}

function readOperation(method: string, item: JsonObject, operation: JsonObject, document: JsonObject): ApiOperation {
  const all = [item.parameters, operation.parameters].flatMap((list) => (Array.isArray(list) ? list : []));
  // Those of the operation replace those of the path.
  const byName = new Map(
    all.flatMap((each) => {
      const parameter = readParameter(resolveReference(each, document), document);
      return parameter === null ? [] : [[`${parameter.in} ${parameter.name.toLowerCase()}`, parameter] as const];
    }),
  );
  const creates = isObject(operation.responses) && "201" in operation.responses;
  return { method, parameters: [...byName.values()], content: readContent(operation, document), creates };
}

function readParameter(parameter: JsonObject | null, document: JsonObject): ApiParameter | null {
  const place = parameter?.in;
  if (parameter === null || typeof parameter.name !== "string") return null;
  if (place !== "path" && place !== "query" && place !== "header") return null;
  const schema = resolveReference(parameter.schema, document) ?? {};
  return {
    name: parameter.name,
    in: place,
    required: parameter.required === true || place === "path",
    schema,
    example: firstOf(parameter, document) ?? firstOf(schema, document) ?? schema.default ?? enumOf(schema),
  };
}

/** The example that a parameter, a media type or a schema gives. */
function firstOf(holder: JsonObject, document: JsonObject): unknown {
  const { example, examples } = holder;
  if (example !== undefined) return example;
  if (Array.isArray(examples)) return examples[0];
  return isObject(examples) ? resolveReference(Object.values(examples)[0], document)?.value : undefined;
}

function enumOf({ enum: members }: JsonObject): unknown {
  return Array.isArray(members) ? members[0] : undefined;
}

function readContent(operation: JsonObject, document: JsonObject): ApiOperation["content"] {
  const content = resolveReference(operation.requestBody, document)?.content;
  if (!isObject(content)) return null;
  const types = Object.keys(content);
  const type = types.find((each) => /^application\/(?:[\w.-]+\+)?json\b/i.test(each)) ?? types[0];
  const media = type === undefined ? null : resolveReference(content[type], document);
  if (type === undefined || media === null) return null;
  const schema = resolveReference(media.schema, document) ?? {};
  const example = firstOf(media, document);
  const whole = example === undefined ? schema : { ...schema, example };
  return { type, sample: (options) => sampleSchema(whole, document, options) };
}
