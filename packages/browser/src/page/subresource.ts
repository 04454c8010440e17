import {
  type CredentialsMode,
  type Destination,
  extractMimeType,
  type FetchOutcome,
  type FetchRequest,
  type InitiatorType,
  isJavaScriptMimeType,
  isOkStatus,
  mimeTypeEssence,
  type ReferrerPolicy,
  type RequestMode,
} from "@corsac/protocol";

/** What an element loads. */
export type SubresourceKind = "audio" | "font" | "iframe" | "image" | "module" | "script" | "style" | "video";

/** An element that loads something. */
export interface SubresourceInit {
  readonly destination: SubresourceKind;
  /** The `crossorigin` attribute's value; missing or `null` for an element without the attribute. */
  readonly crossOrigin?: string | null;
  readonly referrerPolicy?: ReferrerPolicy | "";
  readonly integrity?: string;
}

/** The event that fires at the element, and how the fetch behind it ended. */
export interface SubresourceResult {
  readonly event: "error" | "load";
  readonly outcome: FetchOutcome;
}

/**
 * Turns an element into a request.
 *
 * @see https://html.spec.whatwg.org/multipage/urls-and-fetching.html#create-a-potential-cors-request
 */
export function subresourceRequest(init: SubresourceInit): Partial<FetchRequest> {
  const { destination: kind } = init;
  const { mode, credentialsMode } = corsSettings(kind, init.crossOrigin ?? null);
  return {
    mode,
    credentialsMode,
    destination: destinations[kind],
    initiatorType: initiators[kind],
    unsafeRequest: false,
    referrerPolicy: init.referrerPolicy ?? "",
    integrity: init.integrity ?? "",
  };
}

const destinations: Readonly<Record<SubresourceKind, Destination>> = {
  audio: "audio",
  font: "font",
  iframe: "iframe",
  image: "image",
  module: "script",
  script: "script",
  style: "style",
  video: "video",
};

const initiators: Readonly<Record<SubresourceKind, InitiatorType>> = {
  audio: "audio",
  font: "font",
  iframe: "iframe",
  image: "img",
  module: "script",
  script: "script",
  style: "link",
  video: "video",
};

/** @see https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attribute */
function corsSettings(
  kind: SubresourceKind,
  crossOrigin: string | null,
): { readonly mode: RequestMode; readonly credentialsMode: CredentialsMode } {
  if (kind === "iframe") return { mode: "navigate", credentialsMode: "include" };
  const isAlwaysCors = kind === "module" || kind === "font";
  if (crossOrigin === null && !isAlwaysCors) return { mode: "no-cors", credentialsMode: "include" };
  const usesCredentials = kind !== "font" && crossOrigin?.toLowerCase() === "use-credentials";
  return { mode: "cors", credentialsMode: usesCredentials ? "include" : "same-origin" };
}

/**
 * Tells which event fires once the fetch is over. What is in an image, a font or a video is not decoded: a response
 * whose type says that it is one counts as one.
 */
export function subresourceEvent(kind: SubresourceKind, outcome: FetchOutcome): "error" | "load" {
  if (outcome.kind === "network-error") return kind === "iframe" ? "load" : "error";
  const { status, headers } = outcome.response.internal;
  const mimeType = extractMimeType(headers);
  switch (kind) {
    case "iframe":
      return "load";
    case "script":
      return isOkStatus(status) ? "load" : "error";
    case "module":
      return isOkStatus(status) && mimeType !== null && isJavaScriptMimeType(mimeType) ? "load" : "error";
    case "style":
      return isOkStatus(status) && mimeType !== null && mimeTypeEssence(mimeType) === "text/css" ? "load" : "error";
    case "font":
      return isOkStatus(status) ? "load" : "error";
    case "audio":
    case "image":
    case "video":
      return mimeType === null || mimeType.type === kind ? "load" : "error";
  }
}
