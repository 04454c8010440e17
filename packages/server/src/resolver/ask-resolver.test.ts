import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createAskResolver } from "./ask-resolver.ts";

const origin = "https://app.example";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("answers", () => {
  const rows: { title: string; resolver: () => unknown; want: string }[] = [
    { title: "true", resolver: () => true, want: "allowed" },
    { title: "false", resolver: () => false, want: "origin-not-allowed" },
    { title: "a promise of true", resolver: async () => true, want: "allowed" },
    { title: "a promise of false", resolver: async () => false, want: "origin-not-allowed" },
    {
      title: "anything with a then",
      // biome-ignore lint/suspicious/noThenProperty: this is what the row is about.
      resolver: () => ({ then: (done: (value: boolean) => void) => done(true) }),
      want: "allowed",
    },
    { title: "undefined is no true", resolver: () => undefined, want: "resolver-answer-invalid" },
    { title: "an origin is no true", resolver: () => origin, want: "resolver-answer-invalid" },
    { title: "1 is no true", resolver: async () => 1, want: "resolver-answer-invalid" },
    { title: "an object is no true", resolver: async () => ({}), want: "resolver-answer-invalid" },
    {
      title: "an exception",
      resolver: () => {
        throw new Error("no database");
      },
      want: "resolver-failed",
    },
    { title: "a rejection", resolver: () => Promise.reject(new Error("no database")), want: "resolver-failed" },
    { title: "a rejection without a reason", resolver: () => Promise.reject(), want: "resolver-failed" },
    {
      title: "a then that throws",
      resolver: () => ({
        // biome-ignore lint/suspicious/noThenProperty: this is what the row is about.
        get then() {
          throw new Error("trap");
        },
      }),
      want: "resolver-failed",
    },
  ];
  test.each(rows)("$title", async ({ resolver, want }) => {
    expect(await createAskResolver(resolver as () => boolean)(origin)).toBe(want);
  });

  test("an answer that is there at once needs no promise", () => {
    expect(createAskResolver(() => true)(origin)).toBe("allowed");
  });
});

describe("time", () => {
  test("silence denies, and the signal says so", async () => {
    let signal: AbortSignal | undefined;
    const ask = createAskResolver(
      (_, options) => {
        signal = options.signal;
        return new Promise(() => {});
      },
      { timeout: 50 },
    );
    const verdict = ask(origin);
    await vi.advanceTimersByTimeAsync(49);
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await verdict).toBe("resolver-timeout");
    expect(signal?.aborted).toBe(true);
  });

  test("an answer that comes too late helps the next request", async () => {
    let answer: (value: boolean) => void = () => {};
    const late = new Promise<boolean>((resolve) => {
      answer = resolve;
    });
    const ask = createAskResolver(() => late, { timeout: 50 });
    const verdict = ask(origin);
    await vi.advanceTimersByTimeAsync(50);
    expect(await verdict).toBe("resolver-timeout");
    answer(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(ask(origin)).toBe("allowed");
  });

  test.each([true, false])("a %s that comes too late does not replace a newer answer", async (old) => {
    const answers: ((value: boolean) => void)[] = [];
    const resolver = vi.fn(() => new Promise<boolean>((resolve) => void answers.push(resolve)));
    const ask = createAskResolver(resolver, { timeout: 50 });
    void ask(origin);
    await vi.advanceTimersByTimeAsync(50);
    const newer = ask(origin);
    answers[0]?.(old);
    await vi.advanceTimersByTimeAsync(0);
    expect(ask(origin)).toBe(newer);
    answers[1]?.(!old);
    const want = old ? "origin-not-allowed" : "allowed";
    expect([await newer, ask(origin), resolver.mock.calls.length]).toEqual([want, want, 2]);
  });

  test.each([true, false])("nor does a %s when the newer answer is there", async (old) => {
    let answer: (value: boolean) => void = () => {};
    const late = new Promise<boolean>((resolve) => {
      answer = resolve;
    });
    const resolver = vi.fn((): boolean | Promise<boolean> => !old).mockReturnValueOnce(late);
    const ask = createAskResolver(resolver, { timeout: 50 });
    void ask(origin);
    await vi.advanceTimersByTimeAsync(50);
    const newer = await ask(origin);
    answer(old);
    await vi.advanceTimersByTimeAsync(0);
    expect([newer, ask(origin)]).toEqual(old ? ["origin-not-allowed", "origin-not-allowed"] : ["allowed", "allowed"]);
  });

  test("after silence the next request asks again", async () => {
    const resolver = vi.fn(() => new Promise<boolean>(() => {}));
    const ask = createAskResolver(resolver, { timeout: 50 });
    const first = ask(origin);
    await vi.advanceTimersByTimeAsync(50);
    await first;
    void ask(origin);
    expect(resolver).toHaveBeenCalledTimes(2);
  });

  test("no timer stays when the answer is there", async () => {
    await createAskResolver(async () => true)(origin);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("cache", () => {
  test.each([true, false])("%s is kept for cacheSeconds", (answer) => {
    const resolver = vi.fn(() => answer);
    const ask = createAskResolver(resolver, { cacheSeconds: 10 });
    const verdict = ask(origin);
    vi.advanceTimersByTime(9_999);
    expect(ask(origin)).toBe(verdict);
    expect(resolver).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(ask(origin)).toBe(verdict);
    expect(resolver).toHaveBeenCalledTimes(2);
  });

  test("nothing is kept for 0 seconds", () => {
    const resolver = vi.fn(() => true);
    const ask = createAskResolver(resolver, { cacheSeconds: 0 });
    void ask(origin);
    void ask(origin);
    expect(resolver).toHaveBeenCalledTimes(2);
  });

  test("failures are not kept", () => {
    const resolver = vi.fn((): boolean => {
      throw new Error("no database");
    });
    const ask = createAskResolver(resolver);
    void ask(origin);
    void ask(origin);
    expect(resolver).toHaveBeenCalledTimes(2);
  });

  test("a full cache forgets what was asked for longest ago", () => {
    const resolver = vi.fn(() => true);
    const ask = createAskResolver(resolver, { cacheSize: 2 });
    for (const host of ["a", "b", "a", "c"]) void ask(`https://${host}.example`);
    expect(resolver).toHaveBeenCalledTimes(3);
    void ask("https://a.example");
    expect(resolver).toHaveBeenCalledTimes(3);
    void ask("https://b.example");
    expect(resolver).toHaveBeenCalledTimes(4);
  });

  test("a flood of strangers does not drive out the allowed", () => {
    const resolver = vi.fn((asked: string) => asked === origin);
    const ask = createAskResolver(resolver, { cacheSize: 10 });
    void ask(origin);
    for (let i = 0; i < 100; i++) void ask(`https://evil-${i}.example`);
    resolver.mockClear();
    expect(ask(origin)).toBe("allowed");
    expect(resolver).not.toHaveBeenCalled();
  });
});

describe("questions that are open", () => {
  test("one question for all who wait for it", async () => {
    const resolver = vi.fn(async () => true);
    const ask = createAskResolver(resolver, { cacheSeconds: 0 });
    expect(await Promise.all([ask(origin), ask(origin), ask(origin)])).toEqual(["allowed", "allowed", "allowed"]);
    expect(resolver).toHaveBeenCalledTimes(1);
    await ask(origin);
    expect(resolver).toHaveBeenCalledTimes(2);
  });

  test("no more than the cache has places", async () => {
    const ask = createAskResolver(async () => true, { cacheSize: 2 });
    const verdicts = ["a", "b", "c", "a"].map((host) => ask(`https://${host}.example`));
    expect(await Promise.all(verdicts)).toEqual(["allowed", "allowed", "resolver-busy", "allowed"]);
    expect(await ask("https://c.example")).toBe("allowed");
  });
});
