const families: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bFirefox\/(\d+)/, "Firefox"],
  [/\bEdg\/(\d+)/, "Edge"],
  [/\bOPR\/(\d+)/, "Opera"],
  [/\bChrom(?:e|ium)\/(\d+)/, "Chromium"],
  [/\bHeadlessChrome\/(\d+)/, "Chromium"],
  [/\bVersion\/(\d+).*\bSafari\//, "Safari"],
  [/\bAppleWebKit\/(\d+)/, "WebKit"],
];

/** The name and version of a browser for people, by its `User-Agent`. */
export function browserName(userAgent: string): string {
  for (const [pattern, name] of families) {
    const version = pattern.exec(userAgent)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  return "unknown";
}
