import { randomUUID } from "node:crypto";
import { getHeader, type Header, type HeaderList } from "@corsac/protocol";
import type { ApiOperation, ApiResource } from "./api-description.ts";
import { jsonOf } from "./differences.ts";
import { keyOf, listIn } from "./find-url.ts";
import { isObject } from "./resolve-reference.ts";
import { sampleSchema } from "./sample-schema.ts";
import { isSuccess, parametersIn, requiredOf, type Session } from "./session.ts";
import type { Answer } from "./wire.ts";

/** A tag that no resource has: an outdated version. */
export const otherTag = '"corsac-other-version"';

/** A request that may change something. */
export interface Write {
  readonly resource: ApiResource;
  readonly method: string;
  readonly url: string;
  /** The content as a value; `undefined` for none, a string is sent as it is. */
  readonly content?: unknown;
  readonly headers?: HeaderList;
}

/**
 * Sends an unsafe method with the headers that the document requires. A server that insists on a condition (428) gets
 * the one that fits.
 */
export async function write(
  session: Session,
  { resource, method, url, content, headers = [] }: Write,
): Promise<Answer> {
  const operation = resource.operations.get(method);
  const required = requiredOf(operation, (schema) => sampleSchema(schema, {}));
  const body = content === undefined ? null : encode(content, operation?.content?.type ?? "application/json");
  const type: Header[] = body === null ? [] : [["Content-Type", operation?.content?.type ?? "application/json"]];
  const call = { method, url: url + required.query, headers: [...required.headers, ...type, ...headers], body };
  session.lookAt(resource);
  const answer = await session.send(call);
  const isConditional = headers.some(([name]) => /^if-/i.test(name));
  if (answer.status !== 428 || isConditional) return answer;
  const condition = await conditionFor(session, url);
  return session.send({ ...call, headers: [...call.headers, condition] });
}

async function conditionFor(session: Session, url: string): Promise<Header> {
  const current = await session.get(url);
  const tag = getHeader(current.headers, "ETag");
  return isSuccess(current) && tag !== null ? ["If-Match", tag] : ["If-None-Match", "*"];
}

function encode(content: unknown, type: string): string {
  if (typeof content === "string" && !/json/i.test(type)) return content;
  if (/x-www-form-urlencoded/i.test(type) && isObject(content)) {
    return new URLSearchParams(
      Object.entries(content).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
  }
  return JSON.stringify(content);
}

/** The header Idempotency-Key with a fresh key: a string of Structured Fields, so quoted. */
export function idempotencyKey(): Header {
  return ["Idempotency-Key", `"${randomUUID()}"`];
}

/** The parameter Idempotency-Key of an operation. */
export function keyParameter(operation: ApiOperation | undefined): { readonly required: boolean } | undefined {
  return operation?.parameters.find((each) => each.in === "header" && /^idempotency-key$/i.test(each.name));
}

/** Removes one resource that the run created, at the end or in between, past all limits. */
export async function remove(session: Session, url: string, resource: ApiResource | null): Promise<boolean> {
  if (resource === null || !resource.operations.has("DELETE")) return false;
  const { headers } = requiredOf(resource.operations.get("DELETE"), (schema) => sampleSchema(schema, {}));
  const first = await session.wire.cleanUp({ method: "DELETE", url, headers });
  const isGone = ({ status }: Answer) => (status >= 200 && status < 300) || status === 404 || status === 410;
  if (isGone(first)) return true;
  if (first.status !== 428) return false;
  const { headers: current } = await session.wire.cleanUp({ method: "GET", url });
  const condition: Header = ["If-Match", getHeader(current, "ETag") ?? "*"];
  return isGone(await session.wire.cleanUp({ method: "DELETE", url, headers: [...headers, condition] }));
}

/** Notes which members a collection has, so that none of them is ever taken for one that the run created. */
export async function noteExisting(session: Session, collection: ApiResource, url: string): Promise<void> {
  if (!collection.operations.has("GET")) return;
  session.lookAt(collection);
  const list = listIn(await session.get(url)) ?? [];
  const name = nameOfMembers(session, collection);
  for (const item of list) {
    const key = name === null ? null : keyOf(item, name);
    if (key !== null) session.existing.add(memberUrl(url, key));
  }
}

/**
 * Notes what a POST created, to be removed at the end: the URL in Location, else the one of what the answer calls it.
 *
 * @returns the URL; `null` when the answer does not say, or names what was there before
 */
export function keepTrack(session: Session, collection: ApiResource, answer: Answer): string | null {
  const url = createdUrl(session, collection, answer);
  if (url === null || session.existing.has(url)) return null;
  const { pathname } = new URL(url);
  const base = new URL(session.server).pathname.replace(/\/$/, "");
  const item = session.resources.find((each) => isItem(each) && isInstance(each, pathname.slice(base.length)));
  session.created.set(url, item ?? null);
  return url;
}

function createdUrl(session: Session, collection: ApiResource, answer: Answer): string | null {
  const location = getHeader(answer.headers, "Location");
  if (location !== null && URL.canParse(location, answer.url)) {
    const url = new URL(location, answer.url);
    return url.origin === new URL(answer.url).origin ? url.href : null;
  }
  const name = nameOfMembers(session, collection);
  const json = jsonOf(answer);
  const key = name === null || !isObject(json) ? null : keyOf(json, name);
  return key === null ? null : memberUrl(answer.url, key);
}

function nameOfMembers(session: Session, collection: ApiResource): string | null {
  const item = itemOf(session, collection);
  return item === null ? null : (parametersIn(item.path).at(-1) ?? null);
}

function memberUrl(collection: string, key: string): string {
  return `${collection.replace(/[?#].*$|\/$/, "")}/${encodeURIComponent(key)}`;
}

function isInstance({ path }: ApiResource, pathname: string): boolean {
  const [pattern, given] = [path.split("/"), pathname.split("/")];
  return (
    pattern.length === given.length &&
    pattern.every((segment, index) => /^\{[^}]+\}$/.test(segment) || segment === given[index])
  );
}

/** The resource that stands for one member of a collection. */
export function itemOf({ resources }: Session, { path }: ApiResource): ApiResource | null {
  const above = path.replace(/\/$/, "");
  return resources.find((each) => isItem(each) && each.path.slice(0, each.path.lastIndexOf("/")) === above) ?? null;
}

/** Whether a path ends with one parameter. */
export function isItem({ path }: ApiResource): boolean {
  return /\/\{[^}/]+\}$/.test(path);
}
