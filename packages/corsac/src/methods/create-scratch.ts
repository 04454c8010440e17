import { randomUUID } from "node:crypto";
import type { ApiResource } from "./api-description.ts";
import { findUrl } from "./find-url.ts";
import { isObject } from "./resolve-reference.ts";
import { isSuccess, parameterOf, parametersIn, type Session } from "./session.ts";
import type { Answer } from "./wire.ts";
import { idempotencyKey, keepTrack, keyParameter, noteExisting, write } from "./write.ts";

/** A resource that the run made for itself. */
export interface Scratch {
  readonly resource: ApiResource;
  readonly url: string;
  /** What the last segment of the URL says. */
  readonly name: string;
  /** The answer that created it. */
  readonly created: Answer;
}

/** Creates an instance of `resource`, by PUT under a fresh name or by POST to the collection. `null` when neither works. */
export async function createScratch(session: Session, resource: ApiResource): Promise<Scratch | null> {
  const above = resource.path.slice(0, resource.path.lastIndexOf("/"));
  const collection = session.resources.find(({ path }) => path.replace(/\/$/, "") === above);
  const base =
    collection === undefined && parametersIn(above).length > 0 ? null : await urlOf(session, collection, above);
  if (base === null) return null;
  return (await createByPut(session, resource, base)) ?? (await createByPost(session, resource, collection, base));
}

async function urlOf(session: Session, collection: ApiResource | undefined, above: string): Promise<string | null> {
  if (collection === undefined) return session.server + above;
  return (await findUrl(session, collection))?.replace(/\?.*$/, "").replace(/\/$/, "") ?? null;
}

async function createByPut(session: Session, resource: ApiResource, base: string): Promise<Scratch | null> {
  if (!resource.operations.has("PUT")) return null;
  const name = freshName(resource);
  if (name === null) return null;
  const url = `${base}/${name}`;
  session.lookAt(resource);
  const before = await session.get(url);
  if (before.status !== 404 && before.status !== 410) return null;
  // Noted before it is there: the run may be stopped while the server is at it.
  session.created.set(url, resource);
  const created = await write(session, { resource, method: "PUT", url, content: contentFor(resource, name) });
  if (!isSuccess(created)) {
    session.created.delete(url);
    return null;
  }
  if (created.status === 200 || created.status === 204) {
    session.report({
      code: "put-created-not-201",
      resource,
      method: "PUT",
      cause: `There was nothing (${before.status}) and PUT answered ${created.status}: the client cannot tell whether it created or replaced something.`,
      exchanges: [before, created],
    });
  }
  return { resource, url, name, created };
}

async function createByPost(
  session: Session,
  resource: ApiResource,
  collection: ApiResource | undefined,
  base: string,
): Promise<Scratch | null> {
  const operation = collection?.operations.get("POST");
  if (collection === undefined || operation === undefined) return null;
  await noteExisting(session, collection, base);
  const needsKey = keyParameter(operation) !== undefined;
  const post = (content: unknown) => {
    const headers = needsKey ? [idempotencyKey()] : [];
    return write(session, { resource: collection, method: "POST", url: base, content, headers });
  };
  // Another one than the example, or the example, when its texts name what has to exist.
  const varied = await post(operation.content?.sample({ variant: nextVariant() }));
  const created = isSuccess(varied) ? varied : await post(operation.content?.sample());
  const url = isSuccess(created) ? keepTrack(session, collection, created) : null;
  if (url === null || session.created.get(url) !== resource) return null;
  return { resource, url, name: decodeURIComponent(url.slice(url.lastIndexOf("/") + 1)), created };
}

function freshName(resource: ApiResource): string | null {
  const [name = ""] = parametersIn(resource.path).slice(-1);
  const { type = "string", format, pattern, enum: members } = parameterOf(resource, name)?.schema ?? {};
  if (type !== "string" || members !== undefined) return null;
  if (format === "uuid") return randomUUID();
  const fresh = `corsac-${randomUUID().slice(0, 8)}`;
  return pattern === undefined || new RegExp(String(pattern), "u").test(fresh) ? fresh : null;
}

/** Content for PUT that agrees with the URL: a member called as the parameter says the same. */
export function contentFor(
  resource: ApiResource,
  name: string,
  options: { readonly requiredOnly?: boolean; readonly variant?: number } = {},
): unknown {
  const content = resource.operations.get("PUT")?.content?.sample(options);
  const [parameter = ""] = parametersIn(resource.path).slice(-1);
  if (!isObject(content) || !Object.hasOwn(content, parameter)) return content;
  return { ...content, [parameter]: typeof content[parameter] === "number" ? Number(name) : name };
}

let variants = Math.floor(Math.random() * 1e6);

/** A number that this process has not used, so that what it makes collides with nothing. */
export function nextVariant(): number {
  variants += 1;
  return variants;
}
