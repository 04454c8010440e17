// Preloaded into every Node process of run-node.mjs: the test host names resolve to 127.0.0.1.
const dns = require("node:dns");
const { syncBuiltinESMExports } = require("node:module");

const mapped = (name) => /(^|\.)(not-)?web-platform\.test\.?$/.test(name) && !name.startsWith("nonexistent.");
const lookup = dns.lookup;
dns.lookup = (hostname, options, callback) => {
  if (typeof options === "function") {
    callback = options;
    options = {};
  }
  if (!mapped(String(hostname))) return lookup.call(dns, hostname, options, callback);
  const all = options && typeof options === "object" && options.all;
  process.nextTick(
    all ? () => callback(null, [{ address: "127.0.0.1", family: 4 }]) : () => callback(null, "127.0.0.1", 4),
  );
};
const promised = dns.promises.lookup;
dns.promises.lookup = async (hostname, options) => {
  if (!mapped(String(hostname))) return promised.call(dns.promises, hostname, options);
  const one = { address: "127.0.0.1", family: 4 };
  return options?.all ? [one] : one;
};
syncBuiltinESMExports();
