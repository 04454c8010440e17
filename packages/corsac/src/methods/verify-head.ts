import { getHeader } from "@corsac/protocol";
import type { ApiResource } from "./api-description.ts";
import { isRefusal, isSuccess, type Session, statusOf } from "./session.ts";
import type { SafeAnswers } from "./verify-safety.ts";
import type { Answer } from "./wire.ts";

/** Headers of the connection and of the single answer, and those that RFC 9110 lets HEAD leave out. */
const incidental =
  /^(?:age|connection|content-length|date|keep-alive|server-timing|set-cookie|trailer|transfer-encoding|upgrade|via|x-request-id|x-response-time|x-runtime|.*ratelimit.*|cf-.*|x-cache.*|cache-status|alt-svc|nel|report-to)$/i;

/** Compares the answer to HEAD with that to GET: status, headers, length. */
export function verifyHead(session: Session, resource: ApiResource, { gets, head }: SafeAnswers): void {
  const [one, get] = gets;
  if (get.failure !== null || one.status !== get.status || get.status === 429) return;
  if (isSuccess(get) && isRefusal(head)) {
    session.report({
      code: "head-not-supported",
      resource,
      method: "HEAD",
      cause: `GET answers ${get.status}, HEAD ${head.status}. Every server has to support both: link checkers, caches and clients that want the size or the ETag ask with HEAD.`,
      exchanges: [get, head],
    });
    return;
  }
  const observed = head.status === get.status ? headerDifferences(one, get, head) : statusDifference(get, head);
  if (observed.length === 0) return;
  session.report({
    code: "head-differs-from-get",
    resource,
    method: "HEAD",
    cause:
      "HEAD has the status and the headers that GET would have. A cache that asks with HEAD updates what it stored for GET, and throws it away when they differ.",
    observed,
    exchanges: [get, head],
  });
}

function statusDifference(get: Answer, head: Answer): string[] {
  return [`status: ${statusOf(get)} to GET, ${statusOf(head)} to HEAD`];
}

function headerDifferences(one: Answer, get: Answer, head: Answer): string[] {
  const names = [...new Map(get.headers.map(([name]) => [name.toLowerCase(), name])).values()];
  const observed = names.flatMap((name) => {
    const [value, headValue] = [getHeader(get.headers, name), getHeader(head.headers, name)];
    const isSteady = getHeader(one.headers, name) === value;
    if (incidental.test(name) || !isSteady || value === headValue) return [];
    return [`${name}: ${value} to GET, ${headValue ?? "none"} to HEAD`];
  });
  const length = getHeader(head.headers, "Content-Length");
  const size = get.isCut ? null : String(Buffer.byteLength(get.text));
  const isSteady = one.text === get.text && get.text !== "";
  const lengthDiffers = length !== null && size !== null && isSteady && length !== size && !get.text.includes("\ufffd");
  return lengthDiffers ? [...observed, `Content-Length: ${size} to GET, ${length} to HEAD`] : observed;
}
