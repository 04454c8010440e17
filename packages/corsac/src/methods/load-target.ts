import { readFile } from "node:fs/promises";
import { getHeader } from "@corsac/protocol";
import { type ApiDescription, readDescription } from "./api-description.ts";
import { VerifyMethodsOptionsError } from "./methods-options.ts";
import type { MethodsPlan } from "./plan-methods.ts";
import type { Answer, Wire } from "./wire.ts";

/** The API to verify. */
export interface Target {
  /** Its address, without a slash at the end. */
  readonly server: string;
  readonly description: ApiDescription;
}

/** Nobody answers at the address that was given. */
export interface Unreachable {
  readonly server: string;
  readonly failure: { readonly reason: string; readonly message: string };
}

/**
 * Reads the document, or makes one for the single resource behind a URL.
 *
 * @throws {VerifyMethodsOptionsError} when what was given is neither, or when it does not say where the API is
 */
export async function loadTarget(plan: MethodsPlan, wire: Wire): Promise<Target | Unreachable> {
  const { target } = plan;
  if (typeof target === "string") {
    const description = described(parse(await readText(target), target), target);
    return { description, server: serverFor(description, plan, null) };
  }
  const answer = await wire.send({ method: "GET", url: target.href });
  if (answer.failure !== null) return { server: target.origin, failure: answer.failure };
  const document = documentIn(answer);
  if (document !== null) {
    const description = described(document, target.href);
    return { description, server: serverFor(description, plan, target) };
  }
  if (isDocumentName(target) && answer.status >= 400) {
    fail(`There is no document at ${target.href}: the server answers ${answer.status}.`);
  }
  if (plan.server !== null) fail(`${target.href} is no OpenAPI document: a server address goes with a document only.`);
  return { server: target.origin, description: await describeResource(target, wire) };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT")
      return fail(`There is no file ${path}; write a URL with its scheme, such as https://${path}.`);
    return fail(`The file ${path} cannot be read: ${code === "EISDIR" ? "it is a directory" : code}.`);
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail(
      /^\s*(?:openapi|swagger)\s*:/m.test(text)
        ? `${name} is YAML: convert the document to JSON.`
        : `${name} is not JSON: corsac methods reads OpenAPI documents in JSON.`,
    );
  }
}

function documentIn({ text, headers, status }: Answer): unknown {
  if (status !== 200 || !/json|text|^$/i.test(getHeader(headers, "Content-Type") ?? "")) return null;
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && ("openapi" in value || "swagger" in value) ? value : null;
  } catch {
    return null;
  }
}

function isDocumentName({ pathname }: URL): boolean {
  return /(?:openapi|swagger|api-docs)[^/]*$|\.(?:json|ya?ml)$/i.test(pathname);
}

function described(document: unknown, name: string): ApiDescription {
  const description = readDescription(document);
  if (description === null) {
    const version = (document as { swagger?: unknown }).swagger;
    return fail(
      version === undefined
        ? `${name} is no OpenAPI document of version 3: it has no member openapi that begins with 3.`
        : `${name} is Swagger ${version}: convert it to OpenAPI 3.0 or 3.1.`,
    );
  }
  if (description.resources.length === 0) fail(`${name} describes no path.`);
  return description;
}

// A document must not lead away from where it was found: a test system's document often names production.
function serverFor({ servers }: ApiDescription, { server }: MethodsPlan, found: URL | null): string {
  if (server !== null) return withoutSlash(server.href);
  const resolved = servers.flatMap((url) => {
    const absolute = URL.canParse(url)
      ? url
      : found === null
        ? ""
        : URL.canParse(url, found.href)
          ? new URL(url, found.href).href
          : "";
    return /^https?:\/\//i.test(absolute) ? [new URL(absolute)] : [];
  });
  if (found !== null) {
    const near = resolved.find(({ origin }) => origin === found.origin);
    if (near !== undefined) return withoutSlash(near.href);
    if (servers.length === 0) return found.origin;
    return fail(
      `The document at ${found.origin} names ${resolved[0]?.origin ?? servers[0]} as its server: say which to verify with --server.`,
    );
  }
  const [only] = resolved;
  return only === undefined
    ? fail("The document does not say where the API is: name it with --server, such as --server http://localhost:3000.")
    : withoutSlash(only.href);
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, "");
}

async function describeResource(url: URL, wire: Wire): Promise<ApiDescription> {
  const { headers, status } = await wire.send({ method: "OPTIONS", url: url.href });
  const allow = status < 400 ? (getHeader(headers, "Allow") ?? "") : "";
  const listed = allow.split(",").map((method) => method.trim());
  // HEAD and OPTIONS are asked anyway; of the others, those that say what they take without a document.
  const methods = ["GET", ...["PUT", "DELETE", "PATCH", "POST"].filter((method) => listed.includes(method))];
  const operations = methods.map(
    (method) => [method, { method, parameters: [], content: null, creates: false }] as const,
  );
  return { servers: [], resources: [{ path: url.pathname + url.search, operations: new Map(operations) }] };
}

function fail(issue: string): never {
  throw new VerifyMethodsOptionsError([issue]);
}
