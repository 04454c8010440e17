// happy-dom: a Window at the page's URL, with its own fetch, XMLHttpRequest and cookies.
import { importPackage, packageVersion } from "../lib.mjs";

const { Window } = await importPackage("happy-dom");

export const version = () => `happy-dom ${packageVersion("happy-dom")}, Node ${process.version}`;

export async function createPage({ url }) {
  const window = new Window({ url, settings: { disableJavaScriptEvaluation: true } });
  const names = [
    "fetch",
    "Request",
    "Response",
    "Headers",
    "FormData",
    "Blob",
    "File",
    "XMLHttpRequest",
    "AbortController",
    "AbortSignal",
    "DOMException",
    "ProgressEvent",
    "URL",
    "document",
    "location",
    "navigator",
  ];
  const globals = Object.fromEntries(
    names.map((n) => [n, n === "fetch" ? window.fetch.bind(window) : window[n]]).filter((e) => e[1]),
  );
  return { globals };
}
