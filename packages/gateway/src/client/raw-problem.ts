import { STATUS_CODES } from "node:http";
import { problemResponse } from "../exchange/problem-response.ts";
import { responseHead } from "../forward/socket-sink.ts";

/**
 * Writes an error out as a whole HTTP/1.1 response that ends the connection, for sockets that have no response object:
 * those of requests that could not be read, and those that asked for an upgrade.
 */
export function rawProblem(error: Error): string {
  const { status, headers, body } = problemResponse(error);
  return `${responseHead(status, STATUS_CODES[status] ?? "", { ...headers, connection: "close" })}${body}`;
}
