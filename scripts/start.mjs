// @ts-check
// `npm start`: sets up what is missing, builds the page of the lab when it has changed, and starts the lab.
import { buildPage } from "./build-page.mjs";
import { setUp } from "./setup.mjs";

const startedAt = Date.now();
setUp();
if (!buildPage()) process.exit(1);
const { runLab } = await import(new URL("../lab/dist/origins/main.js", import.meta.url).href);
const status = await runLab(process.argv.slice(2), startedAt);
if (status !== null) process.exitCode = status;
