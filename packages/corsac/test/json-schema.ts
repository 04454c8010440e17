/** What the schema of reports uses of JSON Schema. */
interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

const keywords = new Set(
  "$schema $id $ref $defs title description type const enum anyOf items properties required additionalProperties".split(
    " ",
  ),
);

/** Lists where `value` does not fit `schema`; empty when it does. Throws for a keyword that it does not know. */
export function schemaErrors(value: unknown, schema: Schema, root: Schema = schema, path = ""): string[] {
  for (const keyword of Object.keys(schema)) {
    if (!keywords.has(keyword)) throw new Error(`unknown keyword ${keyword}`);
  }
  if (schema.$ref !== undefined) {
    const target = root.$defs?.[schema.$ref.replace("#/$defs/", "")];
    if (target === undefined) throw new Error(`no definition ${schema.$ref}`);
    return schemaErrors(value, target, root, path);
  }
  if (schema.anyOf !== undefined) {
    const all = schema.anyOf.map((each) => schemaErrors(value, each, root, path));
    return all.some((errors) => errors.length === 0) ? [] : [`${path}: fits nothing of anyOf`, ...all.flat()];
  }
  if ("const" in schema) return value === schema.const ? [] : [`${path}: is not ${schema.const}`];
  if (schema.enum !== undefined) return schema.enum.includes(value) ? [] : [`${path}: ${value} is not listed`];
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  if (types.length > 0 && !types.some((type) => isOf(type, value))) return [`${path}: is no ${types.join(" or ")}`];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => schemaErrors(item, schema.items ?? {}, root, `${path}/${index}`));
  }
  return typeof value === "object" && value !== null ? objectErrors(value, schema, root, path) : [];
}

function objectErrors(value: object, schema: Schema, root: Schema, path: string): string[] {
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${path}: lacks ${name}`),
    ...Object.entries(value).flatMap(([name, member]) => {
      const known = schema.properties?.[name];
      if (known !== undefined) return schemaErrors(member, known, root, `${path}/${name}`);
      return schema.additionalProperties === false ? [`${path}: has ${name}`] : [];
    }),
  ];
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
