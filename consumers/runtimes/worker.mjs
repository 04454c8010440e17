import { run } from "./protocol.mjs";

export default { test: run };
