import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import { bookshopOrigin, createBooksApi } from "./books/server.ts";

/** Something a page may try with the books API, and what is telling about it. */
interface Situation {
  readonly what: string;
  readonly path: string;
  readonly options: readonly string[];
}

const situations: readonly Situation[] = [
  {
    what: "The bookshop reads the books. Its origin is on the API's list.",
    path: "/books",
    options: ["--origin", bookshopOrigin, "--credentials"],
  },
  {
    what: "Another site tries the same.",
    path: "/books",
    options: ["--origin", "http://evil.localhost:3000", "--credentials"],
  },
  {
    what: "The bookshop sends a header that the preflight answer does not list.",
    path: "/books/Dune",
    options: ["--origin", bookshopOrigin, "--method", "PUT", "--header", "X-Request-Id: 7"],
  },
  {
    what: "The catalogue is open to everyone, until somebody asks with cookies.",
    path: "/catalogue",
    options: ["--origin", bookshopOrigin, "--credentials"],
  },
  {
    what: "An old URL redirects, and the redirect has no CORS headers.",
    path: "/library",
    options: ["--origin", bookshopOrigin],
  },
];

const preferredPort = 4000;

/** Listens on the preferred port, on any free one if that is taken. */
async function listen(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const api = createBooksApi();
  const attempt = async (port: number) => {
    api.listen(port, "127.0.0.1");
    await once(api, "listening");
  };
  await attempt(preferredPort).catch(() => attempt(0));
  return { url: `http://localhost:${(api.address() as AddressInfo).port}`, stop: () => api.close() };
}

const command = fileURLToPath(new URL("../../packages/corsac/bin/corsac.js", import.meta.url));

async function check(url: string, options: readonly string[]): Promise<void> {
  const words = ["check", url, ...options].map((word) => (/^[\w./:@-]+$/.test(word) ? word : `'${word}'`));
  console.log(styleText("bold", `$ npx corsac ${words.join(" ")}`));
  const child = spawn(process.execPath, [command, "check", url, ...options], { stdio: "inherit" });
  await once(child, "exit");
}

const { url, stop } = await listen();
console.log(`The books API listens at ${url}. It is made for the bookshop at ${bookshopOrigin}.\n`);
for (const { what, path, options } of situations) {
  console.log(what);
  await check(url + path, options);
  console.log();
}

if (process.argv.includes("--once")) {
  stop();
} else {
  console.log(`The API stays up. In another terminal, from this folder, try:

  npx corsac check ${url}/books --origin http://localhost:5173
  npx corsac check ${url}/books/Momo --origin ${bookshopOrigin} -X DELETE
  npx corsac check ${url}/catalogue --origin https://app.example --json
  npx corsac check --help

Press Ctrl-C to stop.`);
  process.once("SIGINT", stop);
}
