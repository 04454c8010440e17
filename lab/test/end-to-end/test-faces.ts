import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Product } from "../../../conformance/live/live-browser.ts";
import type { PageDriver } from "../../../conformance/live/page-driver.ts";
import type { Lab } from "../../origins/start-lab.ts";
import type { Visitor } from "./visitor.ts";

/** What a test of the other origins' pages works with. */
interface Surroundings {
  readonly lab: Lab;
  readonly driver: PageDriver;
  readonly visitor: Visitor;
}

/** Milliseconds that a page may take. */
const patience = 15_000;

/** Has a visitor use the pages of the other origins as they are, without the lab's page. */
export function testFaces(product: Product, surroundings: () => Surroundings): void {
  const press = (selector: string) => surroundings().driver.run("document.querySelector(input).click()", selector);
  const sees = async (text: RegExp | string) => {
    const look = () => surroundings().driver.run<string>("return location.href + '\\n' + document.body.innerText");
    // Not by expect.poll: browsers are tested beside each other. A page that is about to go does not answer.
    for (const end = Date.now() + patience; ; await sleep(50)) {
      const seen = await look().catch(() => "");
      if (typeof text === "string" ? seen.includes(text) : text.test(seen)) return;
      if (Date.now() > end) expect(seen).toMatch(text);
    }
  };

  test.each([
    { sameSite: "unset", protection: false, posts: 1, verb: "stands" },
    { sameSite: "unset", protection: true, posts: 0, verb: "does not stand" },
    { sameSite: "Lax", protection: false, posts: 0, verb: "does not stand" },
    // None comes with Secure, and WebKit keeps no Secure cookie that came by http, not even on this machine.
    ...(product === "webkit" ? [] : [{ sameSite: "None", protection: false, posts: 1, verb: "stands" }]),
  ])(
    "SameSite=$sameSite, protection $protection: who claims the prize finds that the forged post $verb on the wall",
    async (row) => {
      const { lab, driver, visitor } = surroundings();
      lab.social.reset();
      await driver.visit(lab.origins.social);
      await sees(/Log in as Alice|Log out Alice/);
      await driver.run(
        `const { elements } = document.querySelector("#defences");
      elements.sameSite.value = input.sameSite;
      elements.protection.checked = input.protection;
      document.querySelector("#defences button").click();`,
        row,
      );
      await sees(/#saved[\s\S]*(?:Log in as Alice|Log out Alice)/);
      expect(lab.social.settings).toEqual({ sameSite: row.sameSite, protection: row.protection });
      await driver.run(
        `if (document.querySelector("#logout").hidden) document.querySelector("#welcome button").click();`,
      );
      await sees("Log out Alice");
      expect(await visitor.findFaults()).toEqual([]);

      await driver.visit(lab.origins.evil);
      expect(await visitor.findFaults()).toEqual([]);
      await press(".prize");
      await sees(`${lab.origins.social}/api/posts`);

      await driver.visit(lab.origins.social);
      await sees("Has anybody read Solaris?");
      const forged = await driver.run<number>(
        `return [...document.querySelectorAll("article")].filter((post) => post.innerText.includes("evil site")).length;`,
      );
      expect([forged, lab.social.posts().length]).toEqual([row.posts, 2 + row.posts]);
    },
  );

  test("the bookshop lists, shows, orders once, changes, adds and removes", async () => {
    const { lab, driver, visitor } = surroundings();
    await driver.visit(lab.origins.bookshop);
    await sees("A Wizard of Earthsea");
    expect(await visitor.findFaults()).toEqual([]);
    await press("a[href='#/book/Americanah']");
    await sees("Order it");
    await press(".order .main");
    await sees("Ordered: one copy");
    await press(".done button");
    await sees("nothing was ordered twice");

    const change = `document.querySelector("details").open = true;
      document.querySelector("[name=author]").value = input;
      document.querySelector("details .main").click();`;
    await driver.run(change, "C. N. Adichie");
    await sees("Saved.");
    await sees("C. N. Adichie, 2013");
    // Somebody else is faster.
    await driver.run(
      `await fetch(input + "/books/Americanah", { method: "PUT", credentials: "include",
        headers: { "Content-Type": "application/json" }, body: '{"author":"Chimamanda","year":2013}' });`,
      lab.origins.books,
    );
    await driver.run(change, "Adichie");
    await sees(/Somebody was faster/);
    await sees("Chimamanda, 2013");
    expect(await visitor.findFaults()).toEqual([]);

    await press("a[href='#/add']");
    await sees("Add to the shelves");
    await driver.run(
      `for (const [name, value] of Object.entries(input)) document.querySelector("[name=" + name + "]").value = value;
      document.querySelector("form .main").click();`,
      { title: "Americanah II", author: "Nobody", year: "2099" },
    );
    await sees("Nobody, 2099");
    await driver.run(
      `document.querySelector("details").open = true; document.querySelector(".removal button").click();`,
    );
    await sees("for everybody?");
    await press(".danger");
    await sees(/DELETE \/books\/Americanah%20II\s+204/);
  });

  test("opened by its address, the bookshop is blocked, says so, and leads to the bench that explains it", async () => {
    const { lab, driver, visitor } = surroundings();
    await driver.visit(`${lab.origins.bookshopByAddress}/#/book/Dune`);
    await sees("Your browser blocked this");
    expect(await visitor.findFaults()).toEqual([]);
    const link = await driver.run<string>(`return document.querySelector(".notice-ways a").href;`);
    expect(link).toContain(`${lab.origins.lab}/#bench/`);
    await visitor.open(link);
    const fields = await visitor.readFields();
    expect(fields).toContainEqual(["Path and query", "/books/Dune"]);
    expect((await visitor.pressRun()).verdicts.map(({ word }) => word)).toEqual(["Blocked", "Blocked"]);
  });

  test("the weather service has a page of its own", async () => {
    const { lab, driver, visitor } = surroundings();
    await driver.visit(lab.origins.weather);
    await sees(/Singapore\s+31 °C/);
    expect(await visitor.findFaults()).toEqual([]);
  });
}
