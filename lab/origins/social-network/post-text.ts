/**
 * Reads the text of a post. A form sends it in one of its three ways, a script as JSON; a careless server takes them
 * all.
 *
 * @returns `null` for a text that is missing, empty or longer than 500 characters
 */
export function postText(contentType: string, body: string): string | null {
  const text = contentType.startsWith("application/json")
    ? textOfJson(body)
    : contentType.startsWith("multipart/form-data")
      ? (/name="text"\r\n\r\n([\s\S]*?)\r\n--/.exec(body)?.[1] ?? "")
      : contentType.startsWith("text/plain")
        ? (/^text=(.*)/m.exec(body)?.[1] ?? textOfJson(body))
        : new URLSearchParams(body).get("text");
  const trimmed = typeof text === "string" ? text.trim() : "";
  return trimmed === "" || trimmed.length > 500 ? null : trimmed;
}

function textOfJson(body: string): unknown {
  try {
    return (JSON.parse(body) as { readonly text?: unknown } | null)?.text;
  } catch {
    return null;
  }
}
