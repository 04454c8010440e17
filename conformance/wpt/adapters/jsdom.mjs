// jsdom has no fetch; its XMLHttpRequest enforces CORS.
import { importPackage, packageVersion } from "../lib.mjs";

const { JSDOM } = await importPackage("jsdom");

export const version = () => `jsdom ${packageVersion("jsdom")}, Node ${process.version}`;

export async function createPage({ url }) {
  const { window } = new JSDOM("<!doctype html><title></title>", { url });
  const names = [
    "XMLHttpRequest",
    "FormData",
    "Blob",
    "File",
    "DOMException",
    "ProgressEvent",
    "document",
    "location",
    "navigator",
  ];
  return { globals: Object.fromEntries(names.map((n) => [n, window[n]]).filter((e) => e[1])) };
}
