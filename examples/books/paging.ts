import { type Fault, Problem } from "./problem.ts";

/** Which part of a list is wanted. */
export interface Paging {
  readonly limit: number;
  readonly offset: number;
}

interface Bounds {
  readonly first: number;
  readonly last: number;
  readonly otherwise: number;
}

/** What `limit` and `offset` can be, and what they are when they are left out. */
export const pageBounds: Readonly<Record<keyof Paging, Bounds>> = {
  limit: { first: 1, last: 100, otherwise: 20 },
  offset: { first: 0, last: 1_000_000, otherwise: 0 },
};

/**
 * Reads `limit` and `offset` of a query.
 *
 * @throws {Problem} 400 with everything that is wrong
 */
export function parsePaging(query: unknown): Paging {
  const errors: Fault[] = [];
  const given = query as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(pageBounds, name))
      errors.push({ parameter: name, detail: "is no parameter: there are limit and offset" });
  }
  const read = (name: keyof Paging) => {
    const { first, last, otherwise } = pageBounds[name];
    const text = given[name] ?? String(otherwise);
    const value = typeof text === "string" && /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= first && value <= last) return value;
    errors.push({ parameter: name, detail: `is a whole number from ${first} to ${last}` });
    return otherwise;
  };
  const paging = { limit: read("limit"), offset: read("offset") };
  if (errors.length > 0) throw new Problem(400, "invalid-query", "The query is none that this list has.", { errors });
  return paging;
}

/**
 * Writes the `Link` header that leads through the pages of a list.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8288
 */
export function pageLinks(path: string, { limit, offset }: Paging, total: number): string {
  const link = (start: number, relation: string) => `<${path}?limit=${limit}&offset=${start}>; rel="${relation}"`;
  const lastPage = Math.max(0, Math.ceil(total / limit) - 1) * limit;
  return [
    link(0, "first"),
    ...(offset > 0 ? [link(Math.min(Math.max(0, offset - limit), lastPage), "prev")] : []),
    ...(offset + limit < total ? [link(offset + limit, "next")] : []),
    link(lastPage, "last"),
  ].join(", ");
}
