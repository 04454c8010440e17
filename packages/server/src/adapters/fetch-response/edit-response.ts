import type { HeaderEdits } from "../../decision/decision.ts";
import { mergeVary } from "../merge-vary.ts";

const editedKey = Symbol.for("corsac.edited");

/**
 * Returns a response with edited headers: the same one if it can be, else a copy, since the headers of fetched responses
 * and of redirects are immutable. A response that is handed out again and again is copied too; one request must not
 * change what another one gets. A handed over connection (101) and a network error stay as they are.
 */
export function editResponse(response: Response, edits: HeaderEdits): Response {
  if (response.status < 200) return response;
  const marked = response as Response & { [editedKey]?: true };
  if (marked[editedKey] !== true) {
    try {
      editHeaders(response.headers, edits);
      marked[editedKey] = true;
      return response;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  const copy = new Response(response.body, response);
  editHeaders(copy.headers, edits);
  return copy;
}

/** Makes the answer to a preflight. */
export function preflightResponse(status: number, { set, vary }: HeaderEdits): Response {
  const headers: Record<string, string> = {};
  for (const header of set) headers[header[0]] = header[1];
  if (vary.length > 0) headers.vary = mergeVary(null, vary);
  return new Response(null, { status, headers });
}

function editHeaders(headers: Headers, { set, remove, vary }: HeaderEdits): void {
  for (const name of remove) headers.delete(name);
  for (const [name, value] of set) headers.set(name, value);
  if (vary.length > 0) headers.set("vary", mergeVary(headers.get("vary"), vary));
}
