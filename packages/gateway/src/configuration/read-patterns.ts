import { isMethod, methodSemantics } from "@corsac/protocol";
import { parsePolicy } from "@corsac/server";
import type { HostPattern, OriginPattern, PathPattern } from "./gateway-configuration.ts";
import type { OptionsReader } from "./options-reader.ts";

/** A path of segments that nobody reads differently: no dot segments, nothing empty but the last. */
const pathSyntax = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~!$&'()+,;=:@%-]+)*\/?$/;
const hostSyntax = /^(?:\*\.)?(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/;
const originSyntax = /^(https?):\/\/([^/:[\]]+|\*\.[^/:]+|\[[^\]]+\])(?::(\d+|\*))?$/;

/** Reads the path pattern of a route. */
export function readPath(reader: OptionsReader): PathPattern | undefined {
  const text = reader.text("path");
  if (text === undefined) return undefined;
  const below = text.endsWith("/*");
  const base = below ? text.slice(0, -2) : text;
  if (text.startsWith("/") && pathSyntax.test(base) && !(below && base.endsWith("/"))) return { text, base, below };
  const meant = `/${text.replace(/^\/+/, "").replace(/\*+$/, "*")}`;
  const isMeant = meant !== text && pathSyntax.test(meant.replace(/\/\*$/, ""));
  const message = "has to be a path such as /books, or /books/* for everything below it as well";
  reader.report("path-invalid", ["path"], text, message, isMeant ? meant : null);
  return undefined;
}

/** Reads one host pattern. What is none is an issue at `path`. */
export function readHost(reader: OptionsReader, text: string, path: readonly (string | number)[]): HostPattern | null {
  const below = text.startsWith("*.");
  const name = below ? text.slice(2) : text;
  const serialized = serializedHost(name);
  if (serialized === name && hostSyntax.test(text)) return { name, below };
  const meant = serialized === null ? null : `${below ? "*." : ""}${serialized}`;
  const message = "has to be a host name such as api.example, or *.example for all names below it, without port";
  reader.report("host-invalid", path, text, message, meant === text ? null : meant);
  return null;
}

/** Reads the methods of a route. */
export function readMethods(reader: OptionsReader): readonly string[] | undefined {
  const texts = reader.texts("methods", "methods");
  if (texts === undefined) return undefined;
  const methods = texts.flatMap(([method, i]) => {
    const path = ["methods", i];
    if (!isMethod(method)) reader.report("method-invalid", path, method, "is no method");
    else if (methodSemantics(method) === null && methodSemantics(method.toUpperCase()) !== null) {
      const message = "is another method than the one in upper case, which is probably meant";
      reader.report("method-case", path, method, message, method.toUpperCase());
    } else return [method];
    return [];
  });
  return [...new Set(methods)];
}

/** Reads the origins which open mode may forward to: those of a policy, but none that leaves open who they are. */
export function readAllowedOrigins(reader: OptionsReader): readonly OriginPattern[] | undefined {
  if (!reader.has("allow")) {
    reader.report("option-missing", ["allow"], undefined, "has to name the origins that may be forwarded to");
    return undefined;
  }
  return reader.texts("allow", "origins")?.flatMap(([text, i]) => {
    const path = ["allow", i];
    if (/^(?:\*|https?:\/\/\*(?:\.\*?)?(?::\S*)?)$/.test(text)) {
      const message = "would let anybody use the gateway for everything; name the origins that you need";
      reader.report("open-to-all", path, text, message);
      return [];
    }
    // The grammar of origins is that of policies, which also know public suffixes.
    const parsing = parsePolicy({ origins: [text], dangerously: { nullOrigin: true } });
    if (!parsing.ok) {
      reader.adopt(
        parsing.issues.map((issue) => ({ ...issue, path: [] })),
        path,
      );
      return [];
    }
    const [, scheme, host = "", port] = originSyntax.exec(text) ?? [];
    if (scheme !== "http" && scheme !== "https") {
      reader.report("origin-scheme-unsupported", path, text, "has to be an origin of http or https");
      return [];
    }
    const below = host.startsWith("*.");
    if (below && namesPublicSuffix(text)) {
      const message = "stands for names that anybody can register; name the origins that you need";
      reader.report("open-to-all", path, text, message);
      return [];
    }
    const number = port === undefined ? (scheme === "https" ? 443 : 80) : port === "*" ? null : Number(port);
    return [{ scheme, host: { name: below ? host.slice(2) : host, below }, port: number }];
  });
}

/** A policy with credentials is refused where its origins end in a public suffix. */
function namesPublicSuffix(origin: string): boolean {
  const parsing = parsePolicy({
    origins: [origin],
    credentials: true,
    dangerously: { insecureOriginsWithCredentials: true },
  });
  return !parsing.ok;
}

/** A host as `URL` writes it; null when it is none, or none by itself. */
function serializedHost(text: string): string | null {
  const trimmed = text.replace(/^[a-z]+:\/\//i, "").replace(/\/.*$/, "");
  if (trimmed === "" || !URL.canParse(`http://${trimmed}/`)) return null;
  const { hostname, username } = new URL(`http://${trimmed}/`);
  return username === "" ? hostname : null;
}
