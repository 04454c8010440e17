const assert = require("node:assert/strict");
const { isSafeMethod } = require("@corsac/protocol");
const { Browser } = require("@corsac/browser");
const { createGateway } = require("@corsac/gateway");
const { check } = require("corsac");

assert.equal(isSafeMethod("GET"), true);
assert.equal(typeof Browser, "function");
assert.equal(typeof createGateway, "function");
assert.equal(typeof check, "function");
// One copy, however it is loaded: `instanceof` has to work across both.
void import("@corsac/browser").then((module) => assert.equal(module.Browser, Browser));
