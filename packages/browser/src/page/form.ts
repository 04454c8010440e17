import type { RequestBody } from "@corsac/protocol";
import { encodeMultipart } from "../fetch-api/multipart.ts";

/** The values of a form's `enctype`. */
export type FormEnctype = "application/x-www-form-urlencoded" | "multipart/form-data" | "text/plain";

/** A form that is submitted: the road across origins which CORS does not guard. */
export interface FormSubmission {
  /** Relative to the page. */
  readonly action: string | URL;
  /** Default `get`. */
  readonly method?: "get" | "post";
  /** Default `application/x-www-form-urlencoded`. */
  readonly enctype?: FormEnctype;
  readonly fields?: Iterable<readonly [name: string, value: string | File]>;
}

/** What a form asks of the network. */
export interface FormRequest {
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly body: RequestBody | null;
  readonly contentType: string | null;
}

/**
 * Turns a form into a request.
 *
 * @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm
 */
export function formRequest(form: FormSubmission, baseUrl: URL): FormRequest {
  const url = new URL(form.action, baseUrl);
  const fields = [...(form.fields ?? [])];
  if (form.method !== "post") {
    url.search = urlEncoded(fields);
    return { url, method: "GET", body: null, contentType: null };
  }
  const { payload, length, contentType } = encode(fields, form.enctype ?? "application/x-www-form-urlencoded");
  return { url, method: "POST", body: { payload, length, replayable: true }, contentType };
}

type Fields = readonly (readonly [name: string, value: string | File])[];

function encode(fields: Fields, enctype: FormEnctype) {
  switch (enctype) {
    case "multipart/form-data": {
      const { body, type } = encodeMultipart(fields);
      return { payload: body, length: body.size, contentType: type };
    }
    case "text/plain":
      return text(fields.map(([name, value]) => `${name}=${valueText(value)}\r\n`).join(""), enctype);
    case "application/x-www-form-urlencoded":
      return text(urlEncoded(fields), enctype);
  }
}

function text(content: string, contentType: string) {
  const payload = new TextEncoder().encode(content);
  return { payload, length: payload.length, contentType };
}

function urlEncoded(fields: Fields): string {
  return new URLSearchParams(fields.map(([name, value]): [string, string] => [name, valueText(value)])).toString();
}

/** Outside multipart a file is only its name. */
function valueText(value: string | File): string {
  return typeof value === "string" ? value : value.name;
}
