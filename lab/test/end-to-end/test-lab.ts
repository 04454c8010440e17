import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Product } from "../../../conformance/live/live-browser.ts";
import type { PageDriver } from "../../../conformance/live/page-driver.ts";
import { type Lab, startLab } from "../../origins/start-lab.ts";
import { verdictWords } from "../../page/verdict/verdict-words.ts";
import { type Chapter, chapterTitles, presets } from "../../situation/presets.ts";
import { provideBrowser } from "./provide-browser.ts";
import { testFaces } from "./test-faces.ts";
import { createVisitor, type Visitor } from "./visitor.ts";

const chapters = Object.keys(chapterTitles).map(Number) as Chapter[];

/** The bench that a chapter begins with. */
const firstOf = (chapter: Chapter) => presets.find((preset) => preset.chapter === chapter) ?? { chapter, id: "" };

/** Milliseconds to start a browser on a busy machine. */
const startPatience = 60_000;

/** What is known about a browser. */
interface KnownBrowser {
  /** Ids of presets where the verdicts are the same, and something about the answers is not. */
  readonly differing?: readonly string[];
  /**
   * Whether axe-core looks at the wide page in its light scheme alone: rules and colours are the same in every browser,
   * and another one is asked for the rest. Default false.
   */
  readonly looksOnce?: boolean;
}

/** Milliseconds for a test on a busy machine. */
const patience = 90_000;

/** Has a real browser use the real lab: every chapter, every prepared bench. The browser is started once. */
export function testLab(
  product: Product,
  start: (program: string) => Promise<PageDriver>,
  { differing = [], looksOnce = false }: KnownBrowser = {},
): void {
  const { program, note } = provideBrowser(product);

  describe.skipIf(program === null)(`the lab in ${product}${note}`, { sequential: true, timeout: patience }, () => {
    let lab: Lab;
    let driver: PageDriver;
    let visitor: Visitor;
    beforeAll(async () => {
      [lab, driver] = await Promise.all([startLab({ port: 0, freePorts: true }), start(program ?? "")]);
      visitor = createVisitor(driver);
      await driver.resize(1440, 1000);
      await visitor.open(lab.origins.lab);
    }, startPatience);
    afterAll(async () => {
      await driver?.close();
      await lab?.close();
    }, startPatience);

    test.each(presets)(
      "chapter $chapter, $id: both verdicts are $expected.verdict",
      async ({ chapter, id, expected }) => {
        await visitor.choosePreset({ chapter, id });
        const { verdicts, agreement, differences } = await visitor.pressRun();
        const { word } = verdictWords[expected.verdict];
        expect(verdicts.map((each) => each.word)).toEqual([word, word]);
        const isDiffering = differing.includes(id);
        expect({ agreement, differences }).toEqual({
          agreement: expect.stringMatching(isDiffering ? /differ/ : /agree/),
          differences: isDiffering ? [expect.any(String)] : [],
        });
      },
    );

    test.each([
      ["forged-form", 1],
      ["forged-form-lax", 0],
      ["forged-form-protected", 0],
    ])("%s leaves %i posts at the social network", async (id, count) => {
      lab.social.reset();
      const before = lab.social.posts().length;
      await visitor.choosePreset({ chapter: 1, id });
      const [own] = (await visitor.pressRun()).verdicts;
      const texts = lab.social.posts().map(({ author, text }) => `${author} ${text}`);
      expect(texts.slice(0, -before)).toEqual(Array(count).fill("Alice I love the evil site!"));
      expect(own?.changed).toHaveLength(count);
      await visitor.seesWall(texts);
    });

    test("a run needs no mouse", async () => {
      await visitor.open(`${lab.origins.lab}/#3/one-origin`);
      await driver.press("Control+Enter");
      expect((await visitor.readResults()).verdicts.map(({ word }) => word)).toEqual(["Allowed", "Allowed"]);
      await visitor.open(`${lab.origins.lab}/#3/wrong-origin`);
      let focus = await visitor.readFocus();
      for (let steps = 0; steps < 80 && !focus.isRun; steps += 1) {
        await driver.press("Tab");
        focus = await visitor.readFocus();
        expect(focus).toMatchObject({ isVisible: true });
      }
      await driver.press("Enter");
      expect((await visitor.readResults()).verdicts.map(({ word }) => word)).toEqual(["Blocked", "Blocked"]);
    });

    test("a link holds everything that was changed", async () => {
      await visitor.open(`${lab.origins.lab}/#5/json`);
      await visitor.type("Method", "PUT");
      await visitor.type("Path and query", "/books/Solaris?lang=pl");
      const fields = await visitor.readFields();
      const results = await visitor.pressRun();
      const link = await driver.run<string>("return location.href");
      await visitor.open(link);
      expect(await visitor.readFields()).toEqual(fields);
      expect(fields).toContainEqual(["Path and query", "/books/Solaris?lang=pl"]);
      expect(await visitor.pressRun()).toEqual(results);
    });

    test.each(["#nowhere", "#5/json/eyJyZXF1ZXN0Ijp7Im1l", "#3/no-such-bench"])(
      "the link %s says that it is broken",
      async (hash) => {
        await visitor.open(`${lab.origins.lab}/${hash}`);
        expect(await driver.run("return document.querySelector('[role=alert]')?.textContent")).toMatch(/link|no such/);
        expect(await driver.run("return location.hash")).toBe(hash);
      },
    );

    const looks = looksOnce ? "wide and light" : "wide and narrow, light and dark";
    test.each(chapters)(`axe finds nothing in chapter %i, ${looks}; 390 pixels are wide enough`, async (chapter) => {
      await visitor.choosePreset(firstOf(chapter));
      await visitor.pressRun();
      expect(await visitor.findFaults()).toEqual([]);
      await driver.resize(390, 844);
      expect(await visitor.isTooWide()).toBe(false);
      if (!looksOnce) {
        expect(await visitor.findFaults("none")).toEqual([]);
        await visitor.toggleScheme();
        expect(await visitor.findFaults("only")).toEqual([]);
        await visitor.toggleScheme();
      }
      await driver.resize(1440, 1000);
    });

    test("axe finds nothing at the free bench, and in what the check of a visitor's API says", async () => {
      await visitor.open(`${lab.origins.lab}/#bench`);
      expect(await visitor.findFaults()).toEqual([]);
      await visitor.open(`${lab.origins.lab}/#try`);
      expect(await visitor.pressCheck()).toEqual(["Allowed", "Allowed"]);
      expect(await visitor.findFaults()).toEqual([]);
    });

    testFaces(product, () => ({ lab, driver, visitor }));
  });
}
