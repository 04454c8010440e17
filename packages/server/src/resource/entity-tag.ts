/**
 * An entity tag, as `ETag` gives it: `"abc"` is strong (the same tag, the same bytes), `W/"abc"` is weak (the same
 * meaning).
 *
 * @see https://httpwg.org/specs/rfc9110.html#field.etag
 */
export type EntityTag = `"${string}"` | `W/"${string}"`;

const syntax = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;
/** One member of a list; a comma may be part of a tag. */
const member = /[ \t]*((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?:,|$)|[ \t]*(?:,|$)/gy;

/** Reports whether the value is an entity tag. */
export function isEntityTag(value: string): value is EntityTag {
  return syntax.test(value);
}

/**
 * Makes an entity tag of something that changes with the representation: a version, a hash, a time of change.
 *
 * @param opaque without quotes
 * @throws {TypeError} when it has quotes, spaces, or characters that no header can have
 */
export function entityTag(opaque: string | number | bigint, { weak = false }: { weak?: boolean } = {}): EntityTag {
  const tag = `${weak ? "W/" : ""}"${opaque}"`;
  if (!isEntityTag(tag)) {
    throw new TypeError(
      `An entity tag has no quotes, spaces or control characters, which ${JSON.stringify(opaque)} has.`,
    );
  }
  return tag;
}

/**
 * Parses the list of `If-Match` or `If-None-Match`; `*` stands for any current representation. Null when the value is
 * malformed.
 *
 * @see https://httpwg.org/specs/rfc9110.html#field.if-match
 */
export function parseEntityTags(value: string): readonly EntityTag[] | "*" | null {
  if (value.trim() === "*") return "*";
  const tags: EntityTag[] = [];
  member.lastIndex = 0;
  while (member.lastIndex < value.length) {
    const found = member.exec(value);
    if (found === null) return null;
    if (found[1] !== undefined) tags.push(found[1] as EntityTag);
  }
  return tags.length === 0 ? null : tags;
}

/** Reports whether both are strong and the same. @see https://httpwg.org/specs/rfc9110.html#entity.tag.comparison */
export function matchesStrongly(a: EntityTag, b: EntityTag): boolean {
  return a === b && !a.startsWith("W/");
}

/** Reports whether both are the same but for weakness. @see https://httpwg.org/specs/rfc9110.html#entity.tag.comparison */
export function matchesWeakly(a: EntityTag, b: EntityTag): boolean {
  return withoutWeakness(a) === withoutWeakness(b);
}

function withoutWeakness(tag: EntityTag): string {
  return tag.startsWith("W/") ? tag.slice(2) : tag;
}
