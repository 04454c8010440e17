import {
  type CredentialsMode,
  type Destination,
  extractMimeType,
  type FetchOutcome,
  type FetchRequest,
  type InitiatorType,
  isJavaScriptMimeType,
  isNullBodyStatus,
  isOkStatus,
  type MimeType,
  mimeTypeEssence,
  type ReferrerPolicy,
  type RequestMode,
  type ResponseRules,
  standard,
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
export function subresourceEvent(
  kind: SubresourceKind,
  outcome: FetchOutcome,
  rules: ResponseRules = standard.response,
): "error" | "load" {
  if (kind === "iframe") return "load";
  if (outcome.kind === "network-error") return "error";
  const { status, headers } = outcome.response.internal;
  return hasGoodStatus(kind, status, rules) && hasGoodType(kind, extractMimeType(headers), rules) ? "load" : "error";
}

function hasGoodStatus(
  kind: Exclude<SubresourceKind, "iframe">,
  status: number,
  { imagesNeedOkStatus, lenientAboutStatus }: ResponseRules,
): boolean {
  if (isOkStatus(status)) return kind !== "image" || !isNullBodyStatus(status);
  switch (kind) {
    case "script":
    case "module":
    case "style":
      return lenientAboutStatus.includes(kind) && status < 400;
    case "font":
      return false;
    case "image":
      return !imagesNeedOkStatus && !isNullBodyStatus(status);
    case "audio":
    case "video":
      return true;
  }
}

function hasGoodType(kind: SubresourceKind, mimeType: MimeType | null, rules: ResponseRules): boolean {
  switch (kind) {
    case "module":
      return mimeType !== null && isJavaScriptMimeType(mimeType);
    case "style":
      return mimeType === null || mimeTypeEssence(mimeType) === "text/css" || rules.firesLoadForAnyStylesheet;
    case "audio":
    case "image":
    case "video":
      return mimeType === null || mimeType.type === kind;
    default:
      return true;
  }
}
