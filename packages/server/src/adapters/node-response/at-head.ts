import type { NodeHeaderValue, NodeResponse } from "./node-response.ts";

/**
 * Looks at the head of a response that is about to be sent, with all headers set on it, and edits it.
 *
 * @param length of the content in bytes, when all of it is given with the head; else null
 * @returns the status to send, and whether content may follow
 */
export type HeadEdit = (
  response: NodeResponse,
  status: number,
  length: number | null,
) => { status: number; sendsContent: boolean };

type Callback = (() => void) | undefined;

/** Node's response as it is called by frameworks. */
interface CalledResponse extends NodeResponse {
  writeHead(status: number, ...rest: unknown[]): unknown;
  write(chunk: unknown, ...rest: unknown[]): unknown;
  end(...given: unknown[]): unknown;
  flushHeaders(): unknown;
}

/**
 * Lets the head of a response be looked at and edited once, whoever sends it and however. Unlike `editAtFlush` it can
 * change the status and keep content back.
 */
export function atHead(given: NodeResponse, edit: HeadEdit): void {
  const response = given as CalledResponse;
  const { writeHead, write, end, flushHeaders } = response;
  let isEdited = false;
  let sendsContent = true;
  const editHead = (status: number, length: number | null): number => {
    isEdited = true;
    const edited = edit(response, status, length);
    sendsContent = edited.sendsContent;
    return edited.status;
  };
  response.writeHead = (status, ...rest) => {
    if (isEdited || response.headersSent || status < 200) return writeHead.call(response, status, ...rest);
    const reason = typeof rest[0] === "string" ? rest[0] : undefined;
    setGivenHeaders(response, reason === undefined ? (rest[1] ?? rest[0]) : rest[1]);
    const edited = editHead(status, null);
    if (reason === undefined || edited !== status) return writeHead.call(response, edited);
    return writeHead.call(response, edited, reason);
  };
  response.write = (chunk, ...rest) => {
    if (!isEdited && !response.headersSent) response.statusCode = editHead(response.statusCode, null);
    if (sendsContent) return write.call(response, chunk, ...rest);
    const callback = rest.findLast((item) => typeof item === "function") as Callback;
    if (callback !== undefined) queueMicrotask(callback);
    return true;
  };
  response.end = (...rest) => {
    const [chunk, encoding] = rest;
    if (!isEdited && !response.headersSent) {
      response.statusCode = editHead(response.statusCode, byteLength(chunk, encoding));
    }
    if (sendsContent) return end.apply(response, rest);
    const callback = rest.findLast((item) => typeof item === "function");
    return callback === undefined ? end.call(response) : end.call(response, callback);
  };
  response.flushHeaders = () => {
    if (!isEdited && !response.headersSent) response.statusCode = editHead(response.statusCode, null);
    return flushHeaders.call(response);
  };
}

/** Sets the headers that are given with a head as those before, so that all are in one place. */
export function setGivenHeaders(response: NodeResponse, given: unknown): void {
  if (typeof given !== "object" || given === null) return;
  if (!Array.isArray(given)) {
    for (const [name, value] of Object.entries(given)) setHeader(response, name, value as NodeHeaderValue);
    return;
  }
  const pairs: [string, NodeHeaderValue][] = [];
  if (Array.isArray(given[0])) pairs.push(...(given as [string, NodeHeaderValue][]));
  else for (let index = 0; index < given.length; index += 2) pairs.push([given[index], given[index + 1]]);
  const lines = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const lowerName = name.toLowerCase();
    lines.set(lowerName, [...(lines.get(lowerName) ?? []), ...[value ?? []].flat().map(String)]);
  }
  for (const [name, values] of lines) setHeader(response, name, values.length === 1 ? values[0] : values);
}

function setHeader(response: NodeResponse, name: string, value: NodeHeaderValue): void {
  if (value !== undefined && !name.startsWith(":")) response.setHeader(name, value as string);
}

function byteLength(chunk: unknown, encoding: unknown): number | null {
  if (typeof chunk === "string")
    return Buffer.byteLength(chunk, typeof encoding === "string" ? (encoding as "utf8") : "utf8");
  if (chunk instanceof Uint8Array) return chunk.byteLength;
  return chunk === undefined || chunk === null || typeof chunk === "function" ? 0 : null;
}
