import type { ApiResource } from "./api-description.ts";
import { jsonOf } from "./differences.ts";
import { isObject } from "./resolve-reference.ts";
import { sampleSchema } from "./sample-schema.ts";
import { isSuccess, parameterOf, parametersIn, requiredOf, type Session } from "./session.ts";
import type { Answer } from "./wire.ts";

/**
 * Finds a URL of a resource that is there: parameters from the document's examples, else from what the collection above
 * lists. `null` when neither gives one.
 */
export async function findUrl(session: Session, resource: ApiResource): Promise<string | null> {
  let path = "";
  for (const segment of resource.path.split("/").slice(1)) {
    const filled = await fill(session, resource, path, segment);
    if (filled === null) return null;
    path += `/${filled}`;
  }
  const { query } = requiredOf(resource.operations.get("GET"), (schema) => sampleSchema(schema, {}));
  return session.server + path + query;
}

async function fill(session: Session, resource: ApiResource, above: string, segment: string): Promise<string | null> {
  let filled = segment;
  for (const name of parametersIn(segment)) {
    const example = parameterOf(resource, name)?.example;
    const value = example === undefined ? await firstListed(session, resource, above, name) : String(example);
    if (value === null) return null;
    filled = filled.replace(`{${name}}`, encodeURIComponent(value));
  }
  return filled;
}

async function firstListed(
  session: Session,
  resource: ApiResource,
  above: string,
  name: string,
): Promise<string | null> {
  const template = resource.path.split(`/{${name}}`)[0] ?? "";
  const collection = session.resources.find(({ path }) => path.replace(/\/$/, "") === template);
  if (collection?.operations.has("GET") !== true) return null;
  session.lookAt(collection);
  const list = listIn(await session.get(session.server + above));
  for (const item of list ?? []) {
    const value = keyOf(item, name);
    if (value !== null) return value;
  }
  return null;
}

/** The list that an answer holds: all of it, or its first member that is one. */
export function listIn(answer: Answer): readonly unknown[] | null {
  const json = isSuccess(answer) ? jsonOf(answer) : undefined;
  if (Array.isArray(json)) return json;
  if (!isObject(json)) return null;
  const lists = Object.values(json).filter((value): value is unknown[] => Array.isArray(value));
  return lists.find((list) => list.length > 0) ?? lists[0] ?? null;
}

/** What an item of a collection is named by: the member called as the parameter, or one of the usual names. */
export function keyOf(item: unknown, name: string): string | null {
  if (typeof item === "string" || typeof item === "number") return String(item);
  if (!isObject(item)) return null;
  // bookId names a book by its id.
  const ending = /(id|key|name|title|slug|number|code)$/i.exec(name)?.[1]?.toLowerCase();
  for (const key of [name, ...(ending === undefined ? [] : [ending]), "id", "slug", "name", "title"]) {
    const value = item[key];
    if (typeof value === "string" || typeof value === "number") return String(value);
  }
  return null;
}
