import { describe, expect, test } from "vitest";
import { presets } from "../../situation/presets.ts";
import { encodeSituation } from "../../situation/situation-link.ts";
import { draftOf, readDraft } from "./draft.ts";
import { settleDraft } from "./settle-draft.ts";

const preset = (id: string) => presets.find((each) => each.id === id) ?? presets[0];
const draftFor = (id: string) => {
  const found = preset(id);
  if (found === undefined) throw new Error("no presets");
  return draftOf(found.situation);
};

test.each(presets.map((each) => [each.id, each.situation] as const))(
  "%s comes back from the fields of the bench",
  (_, situation) => {
    const { situation: read, issues } = readDraft(draftOf(situation));
    expect(issues).toEqual([]);
    expect(read).toEqual(situation);
    expect(read === null ? null : encodeSituation(read)).toBe(encodeSituation(situation));
  },
);

describe("what is wrong names its field", () => {
  const rows = [
    ["the policy is no JSON", { policy: "{" }, "server.policy"],
    ["the policy lists what is no origin", { policy: '{"origins":["app.example"]}' }, "server.policy"],
    ["a header with a blank in its name", { headers: "X A: 1" }, "request.headers.0.0"],
    ["a header that no script can set", { headers: "Accept: */*\nOrigin: x" }, "request.headers.1.0"],
    ["a path without a slash", { path: "books" }, "request.path"],
    ["a method of two words", { method: "GET IT" }, "request.method"],
    ["a status that is none", { answer: { status: "abc", headers: "", body: "" } }, "server.answer.status"],
    ["a number of times that is none", { times: "" }, "times"],
  ] as const;
  test.each(rows)("%s", (_, change, path) => {
    const { situation, issues } = readDraft({ ...draftFor("one-origin"), ...change });
    expect(situation).toBeNull();
    expect(issues.map((issue) => issue.path.join("."))).toContain(path);
  });
});

describe("a change brings along what follows from it", () => {
  test("another target answers as it is, and the social network is asked from a window", () => {
    const social = settleDraft(draftFor("one-origin"), { target: "social" });
    expect(social).toMatchObject({ serverKind: "itself", place: "window", path: "/api/posts" });
    expect(settleDraft(social, { target: "bench" }).serverKind).toBe("policy");
  });

  test("every way of asking and every target make a situation that can be run", () => {
    for (const via of ["fetch", "form", "image", "script"] as const) {
      for (const target of ["books", "social", "weather", "bench"] as const) {
        const settled = settleDraft(settleDraft(draftFor("cached-preflight"), { target }), { via });
        expect(readDraft(settled).issues, `${via} ${target}`).toEqual([]);
        expect(readDraft(settleDraft(settled, { target: "bench" })).issues, `${via} ${target}, bench`).toEqual([]);
      }
    }
  });

  test("without a gateway no answer gets lost behind it", () => {
    expect(settleDraft(draftFor("lost-order"), { hasGateway: false }).lostAnswers).toBe("0");
  });
});
