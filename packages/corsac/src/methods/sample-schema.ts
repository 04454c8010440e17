import { isObject, type JsonObject, resolveReference } from "./resolve-reference.ts";

/** What a request body is made for. */
export interface SampleOptions {
  /** Only the members that are required. */
  readonly requiredOnly?: boolean;
  /** Makes another value of the same schema: free texts and numbers differ by it. Default 0. */
  readonly variant?: number;
  /** Whether texts keep to the examples: some of them name what has to exist. Default `false`. */
  readonly keepTexts?: boolean;
}

const deepest = 8;

/**
 * Makes a value that a JSON Schema of OpenAPI allows: the example that it gives, else the smallest plain value. Patterns
 * are not solved: who writes one gives an example.
 */
export function sampleSchema(given: unknown, document: JsonObject, options: SampleOptions = {}, depth = 0): unknown {
  const schema = resolveReference(given, document);
  if (schema === null || depth > deepest) return {};
  const { requiredOnly = false, variant = 0, keepTexts = false } = options;
  const chosen = exampleOf(schema);
  const composed = composite(schema, document);
  if (composed !== schema) return sampleSchema(composed, document, options, depth + 1);
  const type = typeOf(schema);
  if (type === "object") return sampleObject(schema, document, { requiredOnly, variant, keepTexts }, depth, chosen);
  if (chosen !== undefined) return isFixed(schema) ? chosen : varied(chosen, schema, variant, keepTexts);
  switch (type) {
    case "array":
      return Array.from({ length: Number(schema.minItems ?? 1) }, () =>
        sampleSchema(schema.items, document, options, depth + 1),
      );
    case "boolean":
      return true;
    case "null":
      return null;
    case "integer":
    case "number":
      return varied(
        Math.max(Number(schema.minimum ?? 1), Number(schema.exclusiveMinimum ?? -1) + 1),
        schema,
        variant,
        keepTexts,
      );
    default:
      return varied(sampleString(schema), schema, variant, keepTexts);
  }
}

function exampleOf(schema: JsonObject): unknown {
  const { examples, enum: members } = schema;
  if ("const" in schema) return schema.const;
  if ("example" in schema) return schema.example;
  if (Array.isArray(examples) && examples.length > 0) return examples[0];
  if (Array.isArray(members) && members.length > 0) return members[0];
  return undefined;
}

function isFixed(schema: JsonObject): boolean {
  return "const" in schema || "enum" in schema || "pattern" in schema || "format" in schema;
}

function composite(schema: JsonObject, document: JsonObject): JsonObject {
  const alternatives = schema.oneOf ?? schema.anyOf;
  const parts: JsonObject[] = [
    ...(Array.isArray(schema.allOf) ? schema.allOf : []),
    ...(Array.isArray(alternatives) ? [alternatives.find((each) => typeOf(each) !== "null")] : []),
  ].flatMap((part): JsonObject[] => {
    const resolved = resolveReference(part, document);
    return resolved === null ? [] : [resolved];
  });
  if (parts.length === 0) return schema;
  const { allOf: _, oneOf: __, anyOf: ___, ...own } = schema;
  const all = [own, ...parts];
  const whole: JsonObject = Object.assign({}, ...all);
  if (!all.some((each) => "properties" in each)) return whole;
  return {
    ...whole,
    properties: Object.assign({}, ...all.map(membersOf)),
    required: all.flatMap(({ required }) => namesOf(required)),
  };
}

function sampleObject(
  schema: JsonObject,
  document: JsonObject,
  options: Required<SampleOptions>,
  depth: number,
  example: unknown,
): JsonObject {
  const required = namesOf(schema.required);
  const examples = isObject(example) ? example : {};
  const members = membersOf(schema);
  const names = new Set([...Object.keys(members), ...Object.keys(examples), ...required]);
  const chosen = [...names].filter((name) => {
    const member = resolveReference(members[name], document);
    if (member?.readOnly === true) return false;
    return required.includes(name) || (!options.requiredOnly && depth < 3);
  });
  return Object.fromEntries(
    chosen.map((name) => {
      const member = resolveReference(members[name], document) ?? {};
      const own = Object.hasOwn(examples, name) ? { ...member, example: examples[name] } : member;
      return [name, sampleSchema(own, document, options, depth + 1)];
    }),
  );
}

function sampleString({ format, minLength, maxLength }: JsonObject): string {
  switch (format) {
    case "date":
      return "2026-01-31";
    case "date-time":
      return "2026-01-31T12:00:00Z";
    case "time":
      return "12:00:00Z";
    case "email":
      return "reader@example.com";
    case "uri":
    case "url":
      return "https://example.com/";
    case "uuid":
      return crypto.randomUUID();
    default:
      return "corsac".padEnd(Number(minLength ?? 0), "-").slice(0, Number(maxLength ?? 1000));
  }
}

/** Another value near the given one, within the limits of the schema where that can be. */
function varied(value: unknown, schema: JsonObject, variant: number, keepTexts: boolean): unknown {
  if (variant === 0 || isFixed(schema)) return value;
  if (typeof value === "string") {
    if (keepTexts) return value;
    const ending = ` ${variant}`;
    const { maxLength = 1000 } = schema as { maxLength?: number };
    return value.slice(0, Math.max(0, maxLength - ending.length)) + ending;
  }
  if (typeof value !== "number") return value;
  const { minimum = 1, maximum = 1e9, multipleOf = 1 } = schema as Readonly<Record<string, number | undefined>>;
  const room = Math.max(1, Math.floor((maximum - minimum) / multipleOf) + 1);
  // Never the value itself, as long as there is another one.
  const steps = 1 + ((variant - 1) % Math.max(1, room - 1));
  return minimum + (((value - minimum) / multipleOf + steps) % room) * multipleOf;
}

function typeOf(schema: unknown): string {
  if (!isObject(schema)) return "string";
  const { type } = schema;
  if (typeof type === "string") return type;
  if (Array.isArray(type)) return String(type.find((each) => each !== "null") ?? "null");
  if ("properties" in schema) return "object";
  if ("items" in schema) return "array";
  const example = exampleOf(schema);
  return example === undefined
    ? "string"
    : Array.isArray(example)
      ? "array"
      : example === null
        ? "null"
        : typeof example;
}

function membersOf(schema: JsonObject): JsonObject {
  return isObject(schema.properties) ? schema.properties : {};
}

function namesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
