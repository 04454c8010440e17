#!/usr/bin/env node
import { run } from "../bundle/command/run.js";

await run();
