import { byteLowercase, type HeaderList, type Problem } from "@corsac/protocol";
import type { ReportedHeader } from "./check-report.ts";

const hidden = "****";
const secretName = /(?:^|[-_.])(?:token|key|apikey|secret|password|passwd|signature|sig|session|sid|auth|code)$/i;

/** A URL with the values of query parameters that look like secrets hidden, for reports that people pass on. */
export function maskUrl(url: string): string {
  return maskUserInfo(url).replace(
    /([?&])([^=&#]+)=([^&#]*)/g,
    (whole, separator: string, name: string, value: string) =>
      value !== "" && secretName.test(name) ? `${separator}${name}=${hidden}` : whole,
  );
}

/** A text with the user names and passwords of its URLs hidden. */
export function maskUserInfo(text: string): string {
  return text.replace(/(:\/\/)[^/@\s'"]+@/g, `$1${hidden}@`);
}

/** A problem with the secrets of its URLs hidden. */
export function maskProblem(problem: Problem): Problem {
  if ("location" in problem && problem.location !== null) return { ...problem, location: maskUrl(problem.location) };
  return "url" in problem ? { ...problem, url: maskUrl(problem.url) } : problem;
}

/** The value of a header, with what it keeps secret hidden. */
export function maskHeader(name: string, value: string): string {
  switch (byteLowercase(name)) {
    case "authorization":
    case "proxy-authorization":
      return value.replace(/^(\S+) .+$|^\S+$/, (_, scheme?: string) =>
        scheme === undefined ? hidden : `${scheme} ${hidden}`,
      );
    case "cookie":
      return value.replace(/=[^;]*/g, `=${hidden}`);
    case "set-cookie":
      return value.replace(/^([^=;]*)=[^;]*/, `$1=${hidden}`);
    case "location":
    case "referer":
    case "content-location":
      return maskUrl(value);
    default:
      return secretName.test(name) ? hidden : value;
  }
}

/** A header list for a report. */
export function maskHeaders(headers: HeaderList): ReportedHeader[] {
  return headers.map(([name, value]) => ({ name, value: maskHeader(name, value) }));
}
