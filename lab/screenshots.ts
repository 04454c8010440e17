import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startChromium } from "../conformance/live/chromium.ts";
import { startLab } from "./origins/start-lab.ts";
import { type Preset, presets } from "./situation/presets.ts";
import { createVisitor } from "./test/end-to-end/visitor.ts";

const help = `Takes pictures of the lab's page after a run, 1440 and 390 pixels wide, in Chromium: of the first bench of
every chapter, the free bench and “Try my API”. The page has to be built; npm start does that.

  npm run screenshots --workspace lab -- [options]

  --folder=<folder>  where to; default: one in the folder for temporary files
  --preset=<id>      of this prepared bench only; may be repeated
  --dark             in the dark scheme
  --readme           docs/lab.png, the picture of the README, and nothing else
`;

const { values: options } = parseArgs({
  options: {
    folder: { type: "string", default: join(tmpdir(), "corsac-lab-screenshots") },
    preset: { type: "string", multiple: true },
    dark: { type: "boolean", default: false },
    readme: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

/** What the README shows: the beginning of the page, as far as the verdicts. */
const readme = { preset: "wrong-origin", width: 1440, file: "../docs/lab.png" };

const widths = [1440, 390];

function chosenPresets(): Preset[] {
  const wanted = options.readme ? [readme.preset] : options.preset;
  return wanted === undefined
    ? presets.filter(({ chapter }, index) => presets.findIndex((each) => each.chapter === chapter) === index)
    : presets.filter(({ id }) => wanted.includes(id));
}

async function main(): Promise<void> {
  if (options.help) {
    process.stdout.write(help);
    return;
  }
  const lab = await startLab({ port: 0 });
  const driver = await startChromium();
  const visitor = createVisitor(driver);

  const take = async (name: string) => {
    for (const width of widths) {
      await driver.resize(width, 900);
      const height = await driver.run<number>("return document.documentElement.scrollHeight");
      // Laid out at its whole height, so that nothing that sticks to the window is in the way.
      await driver.resize(width, height);
      const file = join(options.folder, `${name}-${width}${options.dark ? "-dark" : ""}.png`);
      writeFileSync(file, await driver.screenshot());
      process.stdout.write(`${file}\n`);
    }
    await driver.resize(1440, 900);
  };

  try {
    mkdirSync(options.folder, { recursive: true });
    await driver.resize(1440, 900);
    await visitor.open(lab.origins.lab);
    if (options.dark) await visitor.toggleScheme();
    for (const { chapter, id } of chosenPresets()) {
      await visitor.choosePreset({ chapter, id });
      await visitor.pressRun();
      if (options.readme) {
        const { width, file } = readme;
        // The page has gone to the verdicts.
        await driver.run("scrollTo(0, 0)");
        const end = "return Math.ceil(document.querySelector('[role=status] article').getBoundingClientRect().bottom)";
        const height = 36 + (await driver.run<number>(end));
        await driver.resize(width, height);
        writeFileSync(fileURLToPath(new URL(file, import.meta.url)), await driver.screenshot({ width, height }));
      } else await take(`${chapter}-${id}`);
    }
    if (options.readme || options.preset !== undefined) return;
    await visitor.open(`${lab.origins.lab}/#bench`);
    await take("bench");
    await visitor.open(`${lab.origins.lab}/#try`);
    await visitor.pressCheck();
    await take("try");
  } finally {
    await driver.close();
    await lab.close();
  }
}

await main();
