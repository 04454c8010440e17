import { randomUUID } from "node:crypto";

/**
 * Encodes form entries as `multipart/form-data`. The `Blob` refers to the files, so that they are read when it is
 * sent and its size is known before.
 *
 * @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
export function encodeMultipart(entries: Iterable<readonly [name: string, value: string | File]>): {
  readonly body: Blob;
  readonly type: string;
} {
  const boundary = `----corsac-${randomUUID()}`;
  const parts: (string | Blob)[] = [];
  for (const [name, value] of entries) {
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${escapeQuoted(normalizeNewlines(name))}"`);
    if (typeof value === "string") parts.push(`\r\n\r\n${normalizeNewlines(value)}`);
    else {
      const type = value.type || "application/octet-stream";
      parts.push(`; filename="${escapeQuoted(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`, value);
    }
    parts.push("\r\n");
  }
  parts.push(`--${boundary}--\r\n`);
  return { body: new Blob(parts), type: `multipart/form-data; boundary=${boundary}` };
}

function normalizeNewlines(text: string): string {
  return text.replace(/\r\n|\r|\n/g, "\r\n");
}

function escapeQuoted(text: string): string {
  return text.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}
