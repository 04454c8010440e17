import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PreflightRules } from "../profile/profile.ts";
import { profiles } from "../profile/profiles.ts";
import { standard } from "../profile/standard.ts";
import type { PreflightGrant } from "./cors-preflight.ts";
import { CorsPreflightCache, type PreflightCacheKey } from "./cors-preflight-cache.ts";

const key: PreflightCacheKey = {
  partition: "https://app.example",
  origin: "https://app.example",
  url: "https://api.example/books",
  credentials: false,
};
const withCredentials = { ...key, credentials: true };

function grant(methods: string, headerNames = "", maxAge: number | null = 60): PreflightGrant {
  return { methods: items(methods), headerNames: items(headerNames), maxAge };
}

function items(list: string): string[] {
  return list === "" ? [] : list.split(" ");
}

function rules(changes: Partial<PreflightRules>): PreflightRules {
  return { ...standard.preflight, ...changes };
}

/** A cache and its clock, in seconds. */
function start(maxUrls?: number) {
  let seconds = 0;
  const cache = new CorsPreflightCache({
    now: () => seconds * 1000,
    ...(maxUrls === undefined ? {} : { maxUrls }),
  });
  const wait = (time: number) => {
    seconds += time;
  };
  return { cache, wait };
}

describe("a stored grant matches", () => {
  interface Row {
    readonly title: string;
    readonly stored?: PreflightCacheKey;
    readonly grant: PreflightGrant;
    readonly rules?: PreflightRules;
    readonly asked?: PreflightCacheKey;
    readonly method?: string;
    readonly headerName?: string;
    readonly want: boolean;
  }

  const rows: Row[] = [
    { title: "its method", grant: grant("PUT"), method: "PUT", want: true },
    { title: "no other method", grant: grant("PUT"), method: "PATCH", want: false },
    { title: "methods by case", grant: grant("PUT"), method: "put", want: false },
    { title: "a header name without case", grant: grant("", "X-a"), headerName: "x-A", want: true },
    { title: "no other header name", grant: grant("", "x-a"), headerName: "x-b", want: false },
    { title: "no header named as a method", grant: grant("PUT"), headerName: "put", want: false },
    { title: "no method named as a header", grant: grant("", "PUT"), method: "PUT", want: false },
    { title: "* any method", grant: grant("*"), method: "PATCH", want: true },
    { title: "* any header name", grant: grant("", "*"), headerName: "x-b", want: true },
    { title: "* for methods is none for header names", grant: grant("*"), headerName: "x-b", want: false },
    { title: "* not Authorization", grant: grant("", "*"), headerName: "Authorization", want: false },
    { title: "Authorization by name", grant: grant("", "authorization"), headerName: "Authorization", want: true },
    {
      title: "* Authorization where a profile says so",
      grant: grant("", "*"),
      rules: rules({ cachedWildcardCoversAuthorization: true }),
      headerName: "authorization",
      want: true,
    },
    {
      title: "* nothing where a profile ignores stored wildcards",
      grant: grant("* PUT", "* x-a"),
      rules: rules({ ignoresCachedWildcards: true }),
      ...{ method: "PATCH", headerName: "x-b" },
      want: false,
    },
    {
      title: "names beside * where a profile ignores stored wildcards",
      grant: grant("* PUT", "* x-a"),
      rules: rules({ ignoresCachedWildcards: true }),
      ...{ method: "PUT", headerName: "x-a" },
      want: true,
    },
    {
      title: "with credentials, requests with credentials",
      ...{ stored: withCredentials, asked: withCredentials },
      ...{ grant: grant("PUT", "x-a"), method: "PUT", headerName: "x-a" },
      want: true,
    },
    {
      title: "with credentials, requests without",
      stored: withCredentials,
      ...{ grant: grant("PUT", "x-a"), method: "PUT", headerName: "x-a" },
      want: true,
    },
    {
      title: "without credentials, no requests with credentials",
      asked: withCredentials,
      ...{ grant: grant("PUT", "x-a"), method: "PUT", headerName: "x-a" },
      want: false,
    },
    {
      title: "with credentials, no requests without where a profile separates them",
      stored: withCredentials,
      rules: rules({ separatesCredentials: true }),
      ...{ grant: grant("PUT", "x-a"), method: "PUT", headerName: "x-a" },
      want: false,
    },
    {
      title: "* is no wildcard for a request with credentials",
      ...{ stored: withCredentials, asked: withCredentials },
      ...{ grant: grant("*", "*"), method: "PUT", headerName: "x-a" },
      want: false,
    },
    {
      title: "a method and a header called * with credentials",
      ...{ stored: withCredentials, asked: withCredentials },
      ...{ grant: grant("*", "*"), method: "*", headerName: "*" },
      want: true,
    },
    {
      title: "not another URL",
      grant: grant("PUT"),
      asked: { ...key, url: `${key.url}?` },
      method: "PUT",
      want: false,
    },
    {
      title: "not another fragment",
      grant: grant("PUT"),
      asked: { ...key, url: `${key.url}#a` },
      method: "PUT",
      want: false,
    },
    { title: "not another origin", grant: grant("PUT"), asked: { ...key, origin: "null" }, method: "PUT", want: false },
    {
      title: "not another partition",
      grant: grant("PUT"),
      asked: { ...key, partition: "" },
      method: "PUT",
      want: false,
    },
    { title: "nothing when it is not to be cached", grant: grant("PUT", "", null), method: "PUT", want: false },
    { title: "nothing with a max-age of zero", grant: grant("PUT", "", 0), method: "PUT", want: false },
  ];

  test.each(rows)("$title", (row) => {
    const { cache } = start();
    cache.store(row.stored ?? key, row.grant, row.rules);
    const asked = row.asked ?? key;
    if (row.method !== undefined) expect(cache.matchesMethod(asked, row.method, row.rules)).toBe(row.want);
    if (row.headerName !== undefined) expect(cache.matchesHeaderName(asked, row.headerName, row.rules)).toBe(row.want);
  });
});

describe("time", () => {
  test("an entry ends when its max-age has passed", () => {
    const { cache, wait } = start();
    cache.store(key, grant("PUT", "x-a", 5));
    wait(4.999);
    expect(cache.matchesMethod(key, "PUT")).toBe(true);
    expect(cache.matchesHeaderName(key, "x-a")).toBe(true);
    wait(0.001);
    expect(cache.matchesMethod(key, "PUT")).toBe(false);
    expect(cache.matchesHeaderName(key, "x-a")).toBe(false);
    expect(cache.entriesFor(key)).toEqual([]);
    expect(cache.size).toBe(0);
  });

  test("entries of one URL end one by one", () => {
    const { cache, wait } = start();
    cache.store(key, grant("PUT", "", 5));
    cache.store(key, grant("PATCH", "", 10));
    wait(5);
    expect(cache.entriesFor(key)).toEqual([{ credentials: false, method: "PATCH", headerName: null, expires: 10_000 }]);
  });

  interface Renewal {
    readonly title: string;
    readonly first: PreflightGrant;
    readonly firstKey?: PreflightCacheKey;
    readonly second: PreflightGrant;
    readonly secondKey?: PreflightCacheKey;
    readonly rules?: PreflightRules;
    /** Method (or `header:name`), `+` for with credentials, and the second at which it ends; 5 s pass between. */
    readonly want: Readonly<Record<string, number>>;
  }

  const renewals: Renewal[] = [
    {
      title: "a second grant renews",
      first: grant("PUT", "x-a"),
      second: grant("PUT", "X-A"),
      want: { PUT: 65, "header:x-a": 65 },
    },
    { title: "it leaves others", first: grant("PUT"), second: grant("PATCH"), want: { PUT: 60, PATCH: 65 } },
    {
      title: "it shortens",
      first: grant("PUT", "x-a"),
      second: grant("PUT", "x-a", 1),
      want: { PUT: 6, "header:x-a": 6 },
    },
    {
      title: "with max-age zero it removes",
      first: grant("PUT PATCH"),
      second: grant("PUT", "", 0),
      want: { PATCH: 60 },
    },
    {
      title: "with max-age zero it does nothing where a profile says so",
      ...{ first: grant("PUT PATCH"), second: grant("PUT", "", 0), rules: rules({ zeroMaxAgeShortens: false }) },
      want: { PUT: 60, PATCH: 60 },
    },
    {
      title: "not cacheable, it does nothing",
      ...{ first: grant("PUT PATCH"), second: grant("PUT", "", null) },
      want: { PUT: 60, PATCH: 60 },
    },
    {
      title: "it does not lengthen a wildcard that covers it",
      first: grant("*", "*"),
      second: grant("PUT", "x-a"),
      want: { "*": 60, "header:*": 60, PUT: 65, "header:x-a": 65 },
    },
    {
      title: "it shortens a wildcard that covers it",
      first: grant("*", "*"),
      second: grant("PUT", "x-a", 1),
      want: { "*": 6, "header:*": 6, PUT: 6, "header:x-a": 6 },
    },
    {
      title: "a wildcard renews a wildcard alone",
      first: grant("* PUT"),
      second: grant("*"),
      want: { "*": 65, PUT: 60 },
    },
    {
      title: "without credentials it does not lengthen what was granted with",
      ...{ first: grant("PUT"), firstKey: withCredentials, second: grant("PUT") },
      want: { "PUT+": 60, PUT: 65 },
    },
    {
      title: "without credentials it shortens what was granted with",
      ...{ first: grant("PUT"), firstKey: withCredentials, second: grant("PUT", "", 1) },
      want: { "PUT+": 6, PUT: 6 },
    },
    {
      title: "with credentials it leaves what was granted without",
      ...{ first: grant("PUT"), second: grant("PUT", "", 1), secondKey: withCredentials },
      want: { PUT: 60, "PUT+": 6 },
    },
    {
      title: "as a whole it replaces the first where a profile keeps one result per URL",
      ...{ first: grant("PUT PATCH", "x-a"), second: grant("PUT", "", 1), rules: rules({ oneResultPerUrl: true }) },
      want: { PUT: 6 },
    },
    {
      title: "a result of max-age zero replaces the first too",
      ...{ first: grant("PUT PATCH", "x-a"), second: grant("PUT", "", 0), rules: rules({ oneResultPerUrl: true }) },
      want: {},
    },
  ];

  test.each(renewals)("$title", ({ first, firstKey = key, second, secondKey = key, rules: used, want }) => {
    const { cache, wait } = start();
    cache.store(firstKey, first, used);
    wait(5);
    cache.store(secondKey, second, used);
    const ends = cache.entriesFor(key).map(({ credentials, method, headerName, expires }) => {
      return [`${method ?? `header:${headerName}`}${credentials ? "+" : ""}`, expires / 1000];
    });
    expect(Object.fromEntries(ends)).toEqual(want);
    expect(ends).toHaveLength(Object.keys(want).length);
  });
});

describe("clear", () => {
  test("forgets one origin and URL, with and without credentials", () => {
    const { cache } = start();
    const others = [
      { ...key, url: "https://api.example/other" },
      { ...key, origin: "null" },
      { ...key, partition: "https://other.example" },
    ];
    for (const each of [key, withCredentials, ...others]) cache.store(each, grant("PUT"));
    cache.clear(key);
    expect(cache.entriesFor(key)).toEqual([]);
    expect(cache.matchesMethod(withCredentials, "PUT")).toBe(false);
    for (const other of others) expect(cache.matchesMethod(other, "PUT")).toBe(true);
  });

  test("clearAll forgets everything", () => {
    const { cache } = start();
    cache.store(key, grant("PUT"));
    cache.store({ ...key, origin: "null" }, grant("PUT"));
    cache.clearAll();
    expect(cache.size).toBe(0);
    expect(cache.matchesMethod(key, "PUT")).toBe(false);
  });
});

describe("bounds", () => {
  const numbered = (number: number) => ({ ...key, url: `https://api.example/${number}` });

  test("the URL that was stored longest ago makes room", () => {
    const { cache } = start(2);
    cache.store(numbered(1), grant("PUT"));
    cache.store(numbered(2), grant("PUT"));
    cache.store(numbered(1), grant("PATCH"));
    cache.store(numbered(3), grant("PUT"));
    expect(cache.size).toBe(2);
    expect([1, 2, 3].map((number) => cache.matchesMethod(numbered(number), "PUT"))).toEqual([true, false, true]);
  });

  test("1000 URLs are kept unless told otherwise", () => {
    const { cache } = start();
    for (let number = 0; number <= 1000; number += 1) cache.store(numbered(number), grant("PUT"));
    expect(cache.size).toBe(1000);
    expect(cache.matchesMethod(numbered(0), "PUT")).toBe(false);
    expect(cache.matchesMethod(numbered(1), "PUT")).toBe(true);
  });

  test("a URL for which nothing is granted takes no room", () => {
    const { cache } = start();
    cache.store(key, grant(""));
    cache.store(numbered(1), grant("PUT", "", 0));
    expect(cache.size).toBe(0);
  });

  test("keys do not run into each other", () => {
    const { cache } = start();
    cache.store({ ...key, partition: "", origin: "null" }, grant("PUT"));
    expect(cache.matchesMethod({ ...key, partition: "null", origin: "" }, "PUT")).toBe(false);
  });
});

test("property: what matches was granted, for long enough, by a preflight whose credentials suffice", () => {
  const event = fc.record({
    wait: fc.integer({ min: 0, max: 5 }),
    method: fc.constantFrom("*", "PUT", "PATCH"),
    headerName: fc.constantFrom("*", "x-a", "X-A", "Authorization"),
    maxAge: fc.constantFrom(0, 2, 10, null),
    credentials: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(profiles)), fc.array(event, { maxLength: 10 }), (profile, events) => {
      const { cache, wait } = start();
      let seconds = 0;
      const grants: ((typeof events)[number] & { until: number })[] = [];
      for (const each of events) {
        wait(each.wait);
        seconds += each.wait;
        cache.store(
          each.credentials ? withCredentials : key,
          grant(each.method, each.headerName, each.maxAge),
          profile.preflight,
        );
        grants.push({ ...each, until: seconds + (each.maxAge ?? 0) });
        for (const asked of [key, withCredentials]) {
          const valid = grants.filter(
            ({ until, credentials }) => until > seconds && (credentials || !asked.credentials),
          );
          const isWild = (name: string) => name === "*" && !asked.credentials;
          for (const method of ["PUT", "PATCH", "DELETE"]) {
            if (!cache.matchesMethod(asked, method, profile.preflight)) continue;
            expect(valid.some((granted) => granted.method === method || isWild(granted.method))).toBe(true);
          }
          for (const name of ["x-a", "x-b"]) {
            if (!cache.matchesHeaderName(asked, name, profile.preflight)) continue;
            const isGranted = valid.some(({ headerName }) => headerName.toLowerCase() === name || isWild(headerName));
            expect(isGranted).toBe(true);
          }
        }
      }
    }),
    { numRuns: 1000 },
  );
});
