// @ts-check
// `npm start`: sets up what is missing, then runs the demonstration.
import { setUp } from "./setup.mjs";

setUp();
await import(new URL("../examples/dist/demo.js", import.meta.url).href);
