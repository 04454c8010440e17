import { expect, test } from "vitest";
import { isNullBodyStatus, isOkStatus, isRangeStatus, isRedirectStatus } from "./status.ts";

const all = Array.from({ length: 1000 }, (_, status) => status);

test("null body statuses", () => expect(all.filter(isNullBodyStatus)).toEqual([101, 103, 204, 205, 304]));
test("range statuses", () => expect(all.filter(isRangeStatus)).toEqual([206, 416]));
test("redirect statuses", () => expect(all.filter(isRedirectStatus)).toEqual([301, 302, 303, 307, 308]));
test("ok statuses are 200 to 299", () => {
  expect(all.filter(isOkStatus)).toEqual(all.slice(200, 300));
});
