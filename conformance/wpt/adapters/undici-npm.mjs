// The fetch of the undici package (newer than the one inside Node), same use as adapters/undici.mjs.
import { importPackage, packageVersion } from "../lib.mjs";

const undici = await importPackage("undici");
export const version = () => `undici ${packageVersion("undici")}, Node ${process.version}`;

export async function createPage({ url }) {
  const { fetch, Request, Response, Headers, FormData, setGlobalOrigin } = undici;
  setGlobalOrigin(new URL(url));
  return { globals: { fetch, Request, Response, Headers, FormData } };
}
