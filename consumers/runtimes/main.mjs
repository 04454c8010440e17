import { run } from "./protocol.mjs";

run();
console.log("@corsac/protocol runs here");
