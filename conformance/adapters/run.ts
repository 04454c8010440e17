import { parseArgs } from "node:util";
import { startChromium } from "../live/chromium.ts";
import { startFirefox } from "../live/firefox.ts";
import { MissingProgramError } from "../live/live-browser.ts";
import { startWebKit } from "../live/webkit.ts";
import { harnesses } from "./harnesses.ts";
import { playSituations, type StartBrowser } from "./play-situations.ts";
import { agreementTable, disagreements } from "./report.ts";

const help = `Puts real browsers before servers built with every adapter of @corsac/server.

  npm run conformance:adapters -- [chromium] [firefox] [webkit]

A browser that is not installed is skipped, and named.
`;

const starters = {
  chromium: () => startChromium(),
  firefox: () => startFirefox(),
  webkit: startWebKit,
} satisfies Record<string, StartBrowser>;

async function run(product: keyof typeof starters): Promise<void> {
  const begin = performance.now();
  const { version, played } = await playSituations(starters[product], product, harnesses);
  for (const text of disagreements(played)) {
    console.log(text);
    process.exitCode = 1;
  }
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`${version}, ${played.length} situations in ${seconds} s, where policy, browser and corsac agree:`);
  console.log(agreementTable(played));
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: "boolean" } } });
  const products = positionals.length === 0 ? Object.keys(starters) : positionals;
  const unknown = products.find((name) => !Object.hasOwn(starters, name));
  if (values.help || unknown !== undefined) {
    console.log(help);
    if (!values.help) process.exitCode = 2;
    return;
  }
  // Frameworks print what handlers throw.
  console.error = () => {};
  for (const product of products as (keyof typeof starters)[]) {
    await run(product).catch((error: unknown) => {
      if (!(error instanceof MissingProgramError)) throw error;
      console.log(`${product}: skipped. ${error.message}`);
    });
  }
}

await main();
