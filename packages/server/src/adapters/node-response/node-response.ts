/** What the adapters use of Node's response, over HTTP/1.1 (`ServerResponse`) and HTTP/2 (`Http2ServerResponse`). */
export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  getHeader(name: string): number | string | readonly string[] | undefined;
  getHeaderNames(): readonly string[];
  hasHeader(name: string): boolean;
  setHeader(name: string, value: string): unknown;
  removeHeader(name: string): void;
  writeHead(statusCode: number): unknown;
  end(): unknown;
  end(body: string): unknown;
}

/** The value of a header as Node takes it. */
export type NodeHeaderValue = number | string | readonly string[] | undefined;

/** Headers as `writeHead` and `respond` take them: by name, or name and value in turn, or in pairs. */
export type GivenHeaders =
  | Readonly<Record<string, NodeHeaderValue>>
  | readonly NodeHeaderValue[]
  | readonly (readonly [string, NodeHeaderValue])[];
