import { describe, expect, test } from "vitest";
import { isClientHintValue, isDeviceHintName } from "./client-hint.ts";

describe("isClientHintValue", () => {
  test.each([
    ["dpr", ["0", "1", "1.5"], ["", "x", "-1", "1e3", "1,2", "1.", ".5"]],
    ["downlink", ["0.1", "100000000"], ["1\u00fb"]],
    ["device-memory", ["0.25", "3"], ["x"]],
    ["rtt", ["100"], ["", "N100", "1.5", "-5"]],
    ["width", ["100"], ["1.5"]],
    ["viewport-width", ["100"], ["x"]],
    ["ect", ["slow-2g", "2g", "3g", "4g"], ["4G", "5g", "4g, 3g"]],
    ["save-data", ["on", "On"], ["", "off", "1"]],
    ["viewport-height", [], ["1"]],
    ["constructor", [], ["1"]],
  ])("%s", (name, good, bad) => {
    for (const value of good) expect(isClientHintValue(name, value), value).toBe(true);
    for (const value of bad) expect(isClientHintValue(name, value), value).toBe(false);
  });
});

test("Save-Data is not about the device", () => {
  expect(isDeviceHintName("dpr")).toBe(true);
  expect(isDeviceHintName("save-data")).toBe(false);
  expect(isDeviceHintName("accept")).toBe(false);
});
