import type { HeaderFields } from "../exchange/header-fields.ts";

/** The header fields of a request as they came, sorted by whom they are for. */
export interface RequestFields {
  /** What goes on; names in lower case. Without hop-by-hop fields, `Host` and `Expect`. */
  readonly headers: HeaderFields;
  /** `:authority` of HTTP/2. */
  readonly authority: string | null;
  /** These and the following are null when absent, and a list when there is more than one line. */
  readonly host: string | string[] | null;
  readonly transferEncoding: string | string[] | null;
  readonly expect: string | string[] | null;
  readonly upgrade: string | string[] | null;
}

/**
 * Reads a raw list of names and values in one pass. Removed are the fields of one connection only: those that HTTP names,
 * those that `Connection` names, and credentials for a proxy. `Content-Length` is no such field whatever `Connection`
 * says. Of `TE` only `trailers` stays, several lines of `Cookie` become one.
 *
 * The record has no prototype, since clients choose the names.
 *
 * @param raw names and values in turn; pseudo-header fields of HTTP/2 among them
 * @see https://httpwg.org/specs/rfc9110.html#field.connection
 */
export function requestFields(raw: readonly string[]): RequestFields {
  const headers: HeaderFields = Object.create(null);
  const fields = { headers, authority: null, host: null, transferEncoding: null, expect: null, upgrade: null } as {
    -readonly [K in keyof RequestFields]: RequestFields[K];
  };
  let named: string[] | null = null;
  let takesTrailers = false;

  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] as string).toLowerCase();
    const value = raw[index + 1] as string;
    switch (name) {
      case "host":
        fields.host = joined(fields.host, value);
        break;
      case ":authority":
        fields.authority = value;
        break;
      case "connection":
        named ??= [];
        named.push(...connectionOptions(value));
        break;
      case "transfer-encoding":
        fields.transferEncoding = joined(fields.transferEncoding, value);
        break;
      case "expect":
        fields.expect = joined(fields.expect, value);
        break;
      case "upgrade":
        fields.upgrade = joined(fields.upgrade, value);
        break;
      case "te":
        takesTrailers ||= trailersOption.test(value);
        break;
      case "keep-alive":
      case "proxy-connection":
      case "proxy-authorization":
      case "proxy-authenticate":
      case "http2-settings":
      case "trailer":
      case ":method":
      case ":scheme":
      case ":path":
        break;
      case "cookie": {
        const known = headers.cookie as string | undefined;
        headers.cookie = known === undefined ? value : `${known}; ${value}`;
        break;
      }
      default: {
        const known = headers[name];
        headers[name] = known === undefined ? value : joined(known, value);
      }
    }
  }

  if (named !== null) for (const name of named) if (name !== "content-length") delete headers[name];
  if (takesTrailers) headers.te = "trailers";
  return fields;
}

function joined(known: string | string[] | null, value: string): string | string[] {
  if (known === null) return value;
  if (typeof known === "string") return [known, value];
  known.push(value);
  return known;
}

/** The names in a `Connection` field; the two that every client sends are not looked at further. */
function connectionOptions(value: string): readonly string[] {
  if (value === "keep-alive" || value === "close") return none;
  return value.split(",").map((option) => option.trim().toLowerCase());
}

const none: readonly string[] = [];
const trailersOption = /(?:^|,)[ \t]*trailers[ \t]*(?:$|[,;])/i;
