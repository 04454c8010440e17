// Node's own fetch, with the page's URL as the base of relative URLs: no CORS, no cookies.
export const version = () => `${process.version} (undici ${process.versions.undici})`;

export async function createPage({ url }) {
  // The same hook as undici's setGlobalOrigin: relative URLs resolve against the page.
  Object.defineProperty(globalThis, Symbol.for("undici.globalOrigin.1"), {
    value: new URL(url),
    writable: true,
    configurable: false,
    enumerable: false,
  });
  return { globals: { fetch, Request, Response, Headers, FormData } };
}
