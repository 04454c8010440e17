import { channel } from "node:diagnostics_channel";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type AsyncPolicy, definePolicy, type PolicyEvent, parsePolicy } from "../index.ts";
import { registrableDomain } from "./no-registrable-domain.ts";
import { parsePolicyOptions } from "./parse-policy-options.ts";

const app = "https://app.example";
const evil = "https://evil.example";
const get = (origin?: string) => ({ method: "GET", headers: origin === undefined ? {} : { origin } });
const preflight = (origin: string, method: string) => ({
  method: "OPTIONS",
  headers: { origin, "access-control-request-method": method },
});

describe("replace", () => {
  test("puts all of the new policy in the place of the old one", () => {
    const policy = definePolicy({ origins: [app], methods: ["PUT"], maxAge: 5 });
    policy.decide(get(app));
    expect(policy.replace({ origins: ["https://new.example"], credentials: true })).toEqual({ ok: true, policy });
    expect(policy.decide(get(app)).reason).toBe("origin-not-allowed");
    expect(policy.decide(get("https://new.example")).reason).toBe("allowed");
    expect(policy.decide(preflight("https://new.example", "PUT")).reason).toBe("method-not-allowed");
    expect(policy.toJSON()).toEqual({ origins: ["https://new.example"], credentials: true });
  });

  test("changes nothing when anything is wrong", () => {
    const policy = definePolicy({ origins: [app], methods: ["PUT"] });
    const result = policy.replace({ origins: ["https://new.example", "https://New.example/"], maxAge: -7 });
    expect(result.ok ? [] : result.issues.map(({ code }) => code)).toEqual([
      "origin-not-serialized",
      "max-age-out-of-range",
    ]);
    expect(policy.toJSON()).toEqual({ origins: [app], methods: ["PUT"] });
    expect(policy.decide(get(app)).reason).toBe("allowed");
    expect(policy.decide(get("https://new.example")).reason).toBe("origin-not-allowed");
  });

  test("takes no resolver where decisions come at once", () => {
    const policy = definePolicy({ origins: [app] });
    const result = policy.replace({ origins: async () => true });
    expect(result.ok ? [] : result.issues.map(({ code }) => code)).toEqual(["resolver-not-json"]);
  });

  test("takes a resolver or a list where there was a resolver", async () => {
    const policy = definePolicy({ origins: async () => false });
    expect((await policy.decide(get(app))).reason).toBe("origin-not-allowed");
    expect(policy.replace({ origins: async () => true }).ok).toBe(true);
    expect((await policy.decide(get(app))).reason).toBe("allowed");
    expect(policy.replace({ origins: [evil] }).ok).toBe(true);
    expect((await policy.decide(get(app))).reason).toBe("origin-not-allowed");
    expect(policy.replace({ origins: async () => true }).ok).toBe(true);
  });

  test("keeps the counters", () => {
    const policy = definePolicy({ origins: [app] });
    policy.decide(get(app));
    policy.replace({ origins: [app] });
    policy.decide(get(app));
    expect(policy.counters.pass.allowed).toBe(2);
  });

  test("a decision that was made before stays what it is", () => {
    const policy = definePolicy({ origins: [app] });
    const before = policy.decide(get(app));
    policy.replace({ origins: [evil] });
    expect([before.reason, before.edits.set]).toEqual(["allowed", [["access-control-allow-origin", app]]]);
  });
});

describe("counters", () => {
  test("count each decision once, by kind and reason", () => {
    const policy = definePolicy({ origins: [app], methods: ["PUT"] });
    const requests = [get(), get(app), get(app), get(evil), get("null"), get("x".repeat(999)), preflight(app, "PUT")];
    for (const request of [...requests, preflight(app, "PATCH"), preflight(evil, "PUT")]) policy.decide(request);
    const { pass, preflight: granted, refuse } = policy.counters;
    const counted = (counts: Readonly<Record<string, number>>) =>
      Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
    expect(counted(pass)).toEqual({
      "no-origin": 1,
      allowed: 2,
      "origin-not-allowed": 1,
      "origin-null": 1,
      "origin-malformed": 1,
    });
    expect(granted).toEqual({ granted: 1 });
    expect(counted(refuse)).toEqual({ "method-not-allowed": 1, "origin-not-allowed": 1 });
  });

  test("belong to who asks for them", () => {
    const policy = definePolicy({ origins: [app] });
    const before = policy.counters;
    policy.decide(get());
    expect(before.pass["no-origin"]).toBe(0);
    expect(JSON.parse(JSON.stringify(policy.counters)).pass["no-origin"]).toBe(1);
  });

  test("are another policy's business", () => {
    const [one, two] = [definePolicy({ origins: [app] }), definePolicy({ origins: [app] })];
    one.decide(get());
    expect(two.counters.pass["no-origin"]).toBe(0);
  });
});

describe("a channel", () => {
  const decisions = channel("corsac-test:decision");
  const events: PolicyEvent[] = [];
  const listen = (event: unknown) => void events.push(event as PolicyEvent);

  beforeEach(() => decisions.subscribe(listen));
  afterEach(() => {
    decisions.unsubscribe(listen);
    events.length = 0;
  });

  test("is told of every decision", () => {
    const policy = definePolicy({ origins: [app] }, { channel: decisions });
    const request = get(evil);
    const decision = policy.decide(request);
    expect(events).toEqual([{ type: "decision", policy, request, decision }]);
  });

  test("is told of a decision that was waited for, before who waited goes on", async () => {
    const policy = definePolicy({ origins: async () => true }, { channel: decisions });
    const decision = await policy.decide(get(app));
    expect(events).toMatchObject([{ type: "decision", decision }]);
  });

  test("is told of a replacement, and not of one that was refused", () => {
    const policy = definePolicy({ origins: [app] }, { channel: decisions });
    policy.replace({ origins: [] });
    policy.replace({ origins: [evil] });
    expect(events).toEqual([{ type: "replaced", policy }]);
  });

  test("can be connected later and taken away again", () => {
    const policy = definePolicy({ origins: [app] });
    policy.decide(get());
    policy.connect(decisions);
    policy.decide(get(app));
    policy.connect(null);
    policy.decide(get(evil));
    expect(events).toMatchObject([{ decision: { reason: "allowed" } }]);
  });

  test("that nobody listens to is not told", () => {
    const publish = vi.fn();
    definePolicy({ origins: [app] }, { channel: { hasSubscribers: false, publish } }).decide(get());
    expect(publish).not.toHaveBeenCalled();
  });

  test("that throws fails no request", () => {
    const publish = () => {
      throw new Error("no disk");
    };
    const policy = definePolicy({ origins: [app] }, { channel: { hasSubscribers: true, publish } });
    expect(policy.decide(get(app)).reason).toBe("allowed");
  });
});

describe("a report-only policy", () => {
  function tryOut(options: { policy: AsyncPolicy["options"]; reportOnly: AsyncPolicy["options"] }) {
    const events: PolicyEvent[] = [];
    const reportOnly = definePolicy(options.reportOnly);
    const reports = { hasSubscribers: true, publish: (event: PolicyEvent) => void events.push(event) };
    const policy = definePolicy(options.policy, { reportOnly, channel: reports });
    return { policy, reportOnly, reports: () => events.filter(({ type }) => type === "report-only") };
  }

  test("decides nothing, counts, and reports where it differs", () => {
    const { policy, reportOnly, reports } = tryOut({ policy: { origins: "*" }, reportOnly: { origins: [app] } });
    expect(policy.decide(get(app))).toMatchObject({ reason: "allowed" });
    const request = get(evil);
    const decision = policy.decide(request);
    expect(decision).toMatchObject({ reason: "allowed" });
    expect(reports()).toMatchObject([
      { policy, request, decision, wouldBe: { kind: "pass", reason: "origin-not-allowed", origin: evil } },
    ]);
    expect(reportOnly.counters.pass).toMatchObject({ allowed: 1, "origin-not-allowed": 1 });
    expect(policy.counters.pass).toMatchObject({ allowed: 2, "origin-not-allowed": 0 });
  });

  test("is counted without a channel, too", () => {
    const reportOnly = definePolicy({ origins: [app] });
    definePolicy({ origins: "*" }, { reportOnly }).decide(preflight(evil, "GET"));
    expect(reportOnly.counters.refuse["origin-not-allowed"]).toBe(1);
  });

  test("may wait for its resolver: the request does not", async () => {
    const { policy, reports } = tryOut({ policy: { origins: [app] }, reportOnly: { origins: async () => false } });
    expect(policy.decide(get(app))).toMatchObject({ reason: "allowed" });
    expect(reports()).toEqual([]);
    await vi.waitFor(() => expect(reports()).toMatchObject([{ wouldBe: { reason: "origin-not-allowed" } }]));
  });
});

describe("trust", () => {
  const policy = definePolicy({ origins: [app, "https://*.shop.example", "null"], dangerously: { nullOrigin: true } });
  test.each([
    { title: "an origin in the list", origin: app, want: true },
    { title: "an origin that a pattern covers", origin: "https://a.shop.example", want: true },
    { title: "another origin", origin: evil, want: false },
    { title: "null, even where it is named", origin: "null", want: false },
    { title: "nothing", origin: "", want: false },
  ])("$title: $want", ({ origin, want }) => expect(policy.trusts(origin)).toBe(want));

  test.each([
    { title: "*", options: { origins: "*" as const } },
    {
      title: "* with credentials",
      options: { origins: "*" as const, credentials: true, dangerously: { anyOriginWithCredentials: true } },
    },
  ])("$title names nobody", ({ options }) => expect(definePolicy(options).trusts(app)).toBe(false));

  test("a resolver is asked", async () => {
    const resolved = definePolicy({ origins: async (origin) => origin === app });
    expect(await Promise.all([resolved.trusts(app), resolved.trusts(evil)])).toEqual([true, false]);
  });

  test("asking for trust is no decision", () => {
    policy.trusts(app);
    expect(policy.counters.pass.allowed).toBe(0);
  });
});

describe("a resolver's policy", () => {
  test("waits only while the resolver is asked", async () => {
    const policy = definePolicy({ origins: async () => true });
    expect(policy.decide(get())).not.toBeInstanceOf(Promise);
    const first = policy.decide(get(app));
    expect(first).toBeInstanceOf(Promise);
    expect((await first).reason).toBe("allowed");
    expect(policy.decide(get(app))).toMatchObject({ reason: "allowed" });
  });

  test.each(["null", "x", "https://app.example/", `https://${"a".repeat(400)}.example`, ""])(
    "does not ask about %j",
    (origin) => {
      const resolver = vi.fn(() => true);
      expect(definePolicy({ origins: resolver }).decide(get(origin))).not.toMatchObject({ reason: "allowed" });
      expect(resolver).not.toHaveBeenCalled();
    },
  );

  test("does not ask about insecure origins when credentials are allowed, unless told to", () => {
    const resolver = vi.fn(() => true);
    const policy = definePolicy({ origins: resolver, credentials: true });
    expect(policy.decide(get("http://app.example"))).toMatchObject({ reason: "origin-insecure" });
    expect(policy.decide(get("http://localhost:3000"))).toMatchObject({ reason: "allowed" });
    policy.replace({
      origins: resolver,
      credentials: true,
      dangerously: { insecureOriginsWithCredentials: true },
    });
    expect(policy.decide(get("http://app.example"))).toMatchObject({ reason: "allowed" });
  });

  test("decides by what the request was when it came", async () => {
    const policy = definePolicy({ origins: async () => true, methods: ["PUT"] });
    const request = preflight(app, "PUT");
    const pending = policy.decide(request);
    request.headers["access-control-request-method"] = "PATCH";
    expect((await pending).reason).toBe("granted");
  });

  test("varies by Origin whatever the resolver says", async () => {
    const policy = definePolicy({ origins: async (origin) => origin === app });
    const decisions = await Promise.all(
      [get(), get(app), get(evil), preflight(evil, "GET")].map((r) => policy.decide(r)),
    );
    expect(decisions.map(({ edits }) => edits.vary)).toEqual([["Origin"], ["Origin"], ["Origin"], ["Origin"]]);
  });
});

test("without a public suffix list, wildcards with credentials are refused and say why", () => {
  const context = { registrableDomain, allowResolver: false };
  const parse = (origins: string[], credentials: boolean) => parsePolicyOptions({ origins, credentials }, context);
  expect(parse(["https://app.example"], true).ok).toBe(true);
  expect(parse(["https://*.app.example"], false).ok).toBe(true);
  expect(parse(["http://*.localhost:*"], true).ok).toBe(true);
  const refused = parse(["https://*.app.example"], true);
  expect(refused.ok ? [] : refused.issues).toMatchObject([{ code: "origin-public-suffix-with-credentials" }]);
});

test("parsePolicy takes a context, too", () => {
  const reportOnly = definePolicy({ origins: [app] });
  const parsing = parsePolicy({ origins: "*" }, { reportOnly });
  if (parsing.ok) parsing.policy.decide(get(evil));
  expect(reportOnly.counters.pass["origin-not-allowed"]).toBe(1);
});
