import { expect, test } from "vitest";
import { describeDifference } from "../verdicts/report.ts";
import { compareWithAgent } from "./compare-with-agent.ts";
import { products } from "./live-browser.ts";
import { loadFound } from "./load-found.ts";

const found = loadFound();

test.each(products)("%s: what live runs found is what @corsac/browser does", async (product) => {
  const recorded = found.flatMap(({ scenario, observations: { [product]: observation } }) =>
    observation === undefined ? [] : [{ scenario, observation }],
  );
  expect(recorded.length).toBeGreaterThan(100);
  const differences = await compareWithAgent(product, recorded);
  expect(differences.map((difference) => describeDifference(difference)).join("\n")).toBe("");
});
