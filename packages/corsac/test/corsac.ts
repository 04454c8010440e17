import { run } from "../src/cli/run.ts";

// The command as `bin/corsac.js` runs it, from the sources, so that no stale build can be tested.
await run();
