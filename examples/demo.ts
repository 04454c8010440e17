import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import { createBooksApi } from "./books/books-api.ts";
import { bookshopOrigin } from "./books/policy.ts";

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
    what: "The bookshop sends a header that the policy does not list. The preflight is refused, without a word on why.",
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
const isOnce = process.argv.includes("--once");

/** Beside the sources, also for the build. */
const file = join(createRequire(import.meta.url).resolve("#books/policy.json"), "../data/books.db");
const api = await createBooksApi(isOnce ? {} : { file });
const stop = new AbortController();

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stop.abort();
    void api.close();
  });
}

const command = fileURLToPath(new URL("../../packages/corsac/bin/corsac.js", import.meta.url));

async function check(url: string, options: readonly string[]): Promise<void> {
  const words = ["check", url, ...options].map((word) => (/^[\w./:@-]+$/.test(word) ? word : `'${word}'`));
  console.log(styleText("bold", `$ npx corsac ${words.join(" ")}`));
  const child = spawn(process.execPath, [command, "check", url, ...options], { stdio: "inherit", signal: stop.signal });
  // Stopping kills it, and then it does not end well.
  await once(child, "exit").catch(() => {});
}

// Any free port if the preferred one is taken.
const url = await api.listen(preferredPort).catch(() => api.listen());
console.log(`The books API listens at ${url}. It is made for the bookshop at ${bookshopOrigin}.\n`);
for (const { what, path, options } of situations) {
  if (stop.signal.aborted) break;
  console.log(what);
  await check(url + path, options);
  console.log();
}

if (isOnce) {
  await api.close();
} else if (!stop.signal.aborted) {
  console.log(`The API stays up. In another terminal, from this folder, try:

  npx corsac check ${url}/books --origin http://localhost:5173
  npx corsac check ${url}/books/Momo --origin ${bookshopOrigin} -X DELETE
  npx corsac check ${url}/catalogue --origin https://app.example --json
  npx corsac check --help

What you change stays in examples/books/data. ${url}/openapi.json describes the API.
Press Ctrl-C to stop.`);
}
