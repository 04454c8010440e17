import { afterEach, expect, test, vi } from "vitest";
import { assertUnsafeMethod, SafeMethodError } from "./assert-unsafe-method.ts";
import { asBookkeeping, serveMethod } from "./method-context.ts";

afterEach(() => vi.restoreAllMocks());

const serve = (method: string, route = "/books/:title", reportOnly?: boolean) =>
  serveMethod(method, route, reportOnly, () => assertUnsafeMethod("UPDATE books"));

test.each(["GET", "HEAD", "OPTIONS", "QUERY", "PROPFIND"])("%s is safe", (method) => {
  expect(() => serve(method)).toThrow(SafeMethodError);
});

test.each(["POST", "PUT", "PATCH", "DELETE", "BREW"])("%s is not", (method) => {
  expect(() => serve(method)).not.toThrow();
});

test("the error names what, where, and what to do instead", () => {
  try {
    serve("GET");
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({
      code: "write-in-safe-method",
      status: 500,
      method: "GET",
      route: "/books/:title",
      what: "UPDATE books",
    });
    expect((error as Error).message).toMatch(
      /^GET \/books\/:title is about to write \(UPDATE books\)\..*asBookkeeping/,
    );
  }
});

test("outside of requests everything may be written", () => expect(() => assertUnsafeMethod()).not.toThrow());

test("what the request starts belongs to it, also later", async () => {
  const late = serveMethod("GET", "/", undefined, async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    assertUnsafeMethod();
  });
  await expect(late).rejects.toThrow(SafeMethodError);
});

test("bookkeeping may be written, and only that", async () => {
  await serveMethod("GET", "/", undefined, async () => {
    await asBookkeeping(async () => {
      await Promise.resolve();
      assertUnsafeMethod();
    });
    expect(() => assertUnsafeMethod()).toThrow(SafeMethodError);
  });
  expect(asBookkeeping(() => 1)).toBe(1);
});

test("report mode logs once for each route, and lets everything be", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  for (const route of ["/a", "/a", "/b"]) serve("GET", route, true);
  expect(warn.mock.calls.map(([text]) => String(text).split(" is about")[0])).toEqual(["GET /a", "GET /b"]);
});

test("an inner resource reports as what is around it does, unless it says otherwise", () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  serveMethod("GET", "/outer", true, () => {
    expect(() => serve("GET", "/inner")).not.toThrow();
    expect(() => serve("GET", "/inner", false)).toThrow(SafeMethodError);
  });
});
