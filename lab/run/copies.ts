import type { ProfileName } from "@corsac/protocol";
import type { Copies } from "../situation/run-report.ts";
import type { HeaderLine, Situation } from "../situation/situation.ts";

/** What copies are made of. */
export interface CopiedRun {
  readonly situation: Situation;
  readonly profile: ProfileName;
  /** A URL that answers as the run's did, for as long as the lab remembers it. */
  readonly url: string;
  readonly pageOrigin: string;
  /** The code of the problem that the last attempt ended with; `null` when it did not fail. */
  readonly problem: string | null;
}

/** Writes the request of a run in forms that work elsewhere. */
export function copiesOf(run: CopiedRun): Copies {
  return { fetch: fetchCode(run), curl: curlLine(run), check: checkLine(run), test: testFile(run) };
}

function fetchCode({ situation: { request }, url }: CopiedRun): string {
  if (request.via === "form") {
    const fields = request.fields.map(([name, value]) => `  <input name=${quoted(name)} value=${quoted(value)}>`);
    const head = `<form method="${request.method.toLowerCase()}" action="${url}" enctype="${request.enctype}">`;
    return [head, ...fields, "</form>"].join("\n");
  }
  if (request.via !== "fetch") {
    const attribute = request.credentials === "include" ? "use-credentials" : "anonymous";
    const crossOrigin = request.mode === "cors" ? ` crossorigin="${attribute}"` : "";
    return request.via === "image"
      ? `<img src="${url}"${crossOrigin} alt="">`
      : `<script src="${url}"${crossOrigin}></script>`;
  }
  const init = initOf(situationInit(request));
  return `const response = await fetch(${JSON.stringify(url)}${init === "" ? "" : `, ${init}`});`;
}

function situationInit({ method, headers, body, credentials, mode, redirect }: Situation["request"]) {
  return {
    ...(method === "GET" ? {} : { method }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(body === null ? {} : { body }),
    ...(credentials === "same-origin" ? {} : { credentials }),
    ...(mode === "cors" ? {} : { mode }),
    ...(redirect === "follow" ? {} : { redirect }),
  };
}

function initOf(init: Readonly<Record<string, string | readonly HeaderLine[]>>): string {
  const lines = Object.entries(init).map(([name, value]) =>
    typeof value === "string" ? `  ${name}: ${JSON.stringify(value)},` : `  headers: ${headersLiteral(value)},`,
  );
  return lines.length === 0 ? "" : ["{", ...lines, "}"].join("\n");
}

function headersLiteral(headers: readonly HeaderLine[]): string {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  if (names.size < headers.length) return JSON.stringify(headers);
  return `{ ${headers.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(", ")} }`;
}

function curlLine({ situation: { request }, url, pageOrigin }: CopiedRun): string {
  const isForm = request.via === "form";
  const fields = isForm ? request.fields.map(([name, value]) => word(`${name}=${value}`)) : [];
  return [
    "curl -i",
    ...(request.method === "GET" ? [] : [`-X ${word(request.method)}`]),
    `-H ${word(`Origin: ${pageOrigin}`)}`,
    ...request.headers.map(([name, value]) => `-H ${word(`${name}: ${value}`)}`),
    ...(request.body === null || request.via !== "fetch" ? [] : [`--data-raw ${word(request.body)}`]),
    ...fields.map((field) => `--data-urlencode ${field}`),
    word(url),
  ].join(" ");
}

function checkLine({ situation: { request }, url, pageOrigin, profile }: CopiedRun): string | null {
  if (request.via !== "fetch") return null;
  const isSafe = /^(?:GET|HEAD|OPTIONS)$/.test(request.method);
  return [
    `npx corsac check ${word(url)} --origin ${word(pageOrigin)}`,
    ...(request.method === "GET" ? [] : [`-X ${word(request.method)}`]),
    ...request.headers.map(([name, value]) => `-H ${word(`${name}: ${value}`)}`),
    ...(request.body === null ? [] : [`-d ${word(request.body)}`]),
    ...(request.credentials === "include" ? ["--credentials"] : []),
    ...(request.mode === "cors" ? [] : [`--mode ${request.mode}`]),
    ...(request.redirect === "follow" ? [] : [`--redirect ${request.redirect}`]),
    ...(profile === "standard" ? [] : [`--browser ${profile}`]),
    ...(isSafe ? [] : ["--send"]),
  ].join(" ");
}

function testFile(run: CopiedRun): string {
  const { situation, pageOrigin, profile, problem } = run;
  const { request } = situation;
  const page =
    pageOrigin === "null"
      ? 'browser.open("https://page.example/").frame("/", { sandbox: ["allow-scripts"] })'
      : `browser.open(${JSON.stringify(`${pageOrigin}/`)})`;
  const does = problem === null ? "may" : "may not";
  return [
    'import { Browser } from "@corsac/browser";',
    'import { expect, test } from "vitest";',
    "",
    `test(${JSON.stringify(`a page of ${pageOrigin} ${does} ${request.method} ${request.path}`)}, async () => {`,
    `  const browser = new Browser({ profile: "${profile}" });`,
    `  const page = ${page};`,
    ...indented(attemptLines(run)),
    problem === null
      ? '  expect(outcome.kind).toBe("response");'
      : `  expect(outcome).toMatchObject({ kind: "network-error", problem: { code: "${problem}" } });`,
    "  await browser.close();",
    "});",
    "",
  ].join("\n");
}

function attemptLines({ situation: { request }, url }: CopiedRun): string[] {
  const target = JSON.stringify(url);
  if (request.via === "form") {
    const method = request.method === "POST" ? "post" : "get";
    const fields = JSON.stringify(request.fields);
    return [
      `const form = { action: ${target}, method: "${method}", enctype: "${request.enctype}", fields: ${fields} } as const;`,
      "const { outcome } = await page.submit(form);",
    ];
  }
  if (request.via !== "fetch") {
    const attribute = request.credentials === "include" ? "use-credentials" : "anonymous";
    const crossOrigin = request.mode === "cors" ? `, crossOrigin: "${attribute}"` : "";
    return [`const { outcome } = await page.load(${target}, { destination: "${request.via}"${crossOrigin} });`];
  }
  const init = initOf(situationInit(request));
  return `const outcome = await page.attempt(${target}${init === "" ? "" : `, ${init}`});`.split("\n");
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function quoted(text: string): string {
  return `"${text.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`;
}

// For a shell.
function word(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
