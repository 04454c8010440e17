import type { LabInfo } from "../situation/lab-api.ts";

/**
 * What the lab told the page when it gave it out.
 *
 * @throws Error when the page was not given out by the lab
 */
export function readLabInfo(): LabInfo {
  const text = document.getElementById("lab-info")?.textContent;
  if (!text) throw new Error("This page works in the lab only: open it with npm start.");
  return JSON.parse(text) as LabInfo;
}
