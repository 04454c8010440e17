import { register } from "node:module";
import { Server } from "node:net";
import { Agent, fetch, setGlobalDispatcher } from "undici";

// The suite listens on every address; here nobody else may reach it.
const { listen } = Server.prototype;
Server.prototype.listen = function listenOnLoopback(...parameters) {
  const [port, ...rest] = parameters;
  return Number.isNaN(Number(port))
    ? listen.apply(this, parameters)
    : listen.call(this, Number(port), "127.0.0.1", ...rest);
};

// It needs no package but undici, whose `fetch` has to fit the dispatcher that it hands to it.
register(
  `data:text/javascript,${encodeURIComponent(`
  export function resolve(specifier, context, next) {
    return next(specifier === "undici" ? ${JSON.stringify(import.meta.resolve("undici"))} : specifier, context);
  }`)}`,
);
setGlobalDispatcher(new Agent());
globalThis.fetch = fetch;
